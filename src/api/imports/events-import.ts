import type { Caller } from '../../access/index.js';
import { readHeader, recordFields, type RowOfCells } from '../../catalogue/index.js';
import { type IncomingItem, parseNative, parseTime } from '../../events/index.js';
import { type Clock, err, type FieldProblem, ok, type Result } from '../../shared/index.js';
import type { IngestEvents } from '../../workflows/index.js';
import { actorOf } from '../catalogue/actor.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

const { id, list, map, number, optional, shape, text } = recordFields;

const numbers = new Set(['value', 'sentiment', 'price', 'discount', 'quantity', 'revenue', 'validMinutes']);
const lists = new Set(['productIds', 'topics']);

/** Columns of a CSV of events; properties are texts but for those that are numbers or lists by their name. */
const columns = shape({
  messageId: id(),
  name: text(),
  occurredAt: text(),
  recordedAt: optional(text()),
  source: optional(text()),
  accountId: optional(id()),
  contactId: optional(id()),
  anonymousId: optional(id()),
  memberId: optional(id()),
  properties: { ...optional(map(text())), entry: text() },
});

const toNumber = number(-Infinity, Infinity).cell;
const toList = list(text()).cell;

function typedProperties(row: Record<string, unknown>): Record<string, unknown> {
  if (!recordFields.isObject(row.properties)) return row;
  const properties = Object.fromEntries(
    Object.entries(row.properties).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      if (numbers.has(name)) return [name, toNumber?.(value)];
      return [name, lists.has(name) ? toList?.(value) : value];
    }),
  );
  return { ...row, properties };
}

/** Past events: they fold into features and never raise an alert. `recordedAt` is occurredAt unless a row carries one. */
export class EventsImport extends ImportHandler {
  readonly kind = 'events';
  readonly scope = 'ingest';

  constructor(
    private readonly ingest: IngestEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>> {
    const read = readHeader(columns, names);
    return Promise.resolve(read.ok ? ok((cells) => typedProperties(read.value(cells))) : read);
  }

  async save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken> {
    const now = this.clock.now();
    const items: IncomingItem[] = [];
    const lines: number[] = [];
    const refused = [];
    for (const { line, value } of rows) {
      const item = itemOf(value, caller.source, now);
      if (item.ok) {
        items.push(item.value);
        lines.push(line);
      } else refused.push(rowRefused(line, item.error));
    }
    const options = { origin: 'import', recordedBy: actorOf(caller), publicKey: false } as const;
    const answer = await this.ingest.run(items, options);
    refused.push(
      ...answer.quarantined.map(({ index, pointer, reason }) => ({
        line: lines[index] ?? 0,
        pointer,
        reason,
      })),
    );
    return { accepted: answer.accepted, duplicates: answer.duplicates, refused };
  }
}

function itemOf(value: unknown, source: string, now: Date): Result<IncomingItem, FieldProblem[]> {
  const { recordedAt, ...event } = value as Record<string, unknown>;
  const item = parseNative(event, { source, receivedAt: now, now, fromBrowser: false });
  if (!item.ok) return err([{ pointer: item.error.pointer, detail: item.error.reason }]);
  if (recordedAt === undefined || recordedAt === null) return item;
  const at = parseTime(recordedAt);
  if (at === null) return err([{ pointer: '/recordedAt', detail: 'must be a time in ISO 8601 with offset' }]);
  if (at < item.value.occurredAt.getTime())
    return err([{ pointer: '/recordedAt', detail: 'must not be earlier than occurredAt' }]);
  return ok({ ...item.value, recordedAt: new Date(at) });
}
