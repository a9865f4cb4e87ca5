import type { Caller } from '../../access/index.js';
import {
  type ChannelId,
  type ContactId,
  type ProductId,
  purposes,
  readHeader,
  recordFields,
  type RowOfCells,
} from '../../catalogue/index.js';
import type { FieldProblem, Result } from '../../shared/index.js';
import type { ConsentInput, RecordConsent } from '../../workflows/index.js';
import { actorOf } from '../catalogue/actor.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

const { id, oneOf, optional, shape, text, time, withDefault } = recordFields;

const statement = shape({
  contactId: id<ContactId>(),
  channelId: id<ChannelId | '*'>(),
  purpose: oneOf([...purposes, '*']),
  status: oneOf(['granted', 'pending', 'withdrawn']),
  source: withDefault(oneOf(['contact', 'member', 'import', 'link']), 'import'),
  effectiveAt: optional(time()),
  expiresAt: optional(time()),
  productId: optional(id<ProductId>()),
  topic: optional(text()),
  wording: optional(text(4000)),
  proof: optional(text(2000)),
});

/** What contacts allowed and refused; the source is `import` unless a row says otherwise. */
export class ConsentsImport extends ImportHandler {
  readonly kind = 'consents';
  readonly scope = 'consent';

  constructor(private readonly record: RecordConsent) {
    super();
  }

  header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>> {
    return Promise.resolve(readHeader(statement, names));
  }

  async save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken> {
    const inputs: ConsentInput[] = [];
    const lines: number[] = [];
    const refused = [];
    for (const { line, value } of rows) {
      const read = statement.read(value, '');
      if (read.ok) {
        inputs.push(read.value);
        lines.push(line);
      } else refused.push(rowRefused(line, read.error));
    }
    const answer = await this.record.many(inputs, actorOf(caller));
    refused.push(...answer.refused.map(({ index, problems }) => rowRefused(lines[index] ?? 0, problems)));
    return { accepted: answer.recorded, refused };
  }
}
