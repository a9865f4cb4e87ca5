import { HttpStatus, Injectable } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import {
  CatalogueEditor,
  type CatalogueKind,
  CatalogueReader,
  type CatalogueRecords,
  type RecordFilter,
  type RecordKey,
  RecordParser,
} from '../../catalogue/index.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import type { PageQuery } from '../http/page-query.js';
import { conflict, invalidFields, Problem, unknownId } from '../http/problem.js';
import { actorOf } from './actor.js';

/** How a kind is called where one of it is not found. */
const called: Record<CatalogueKind, string> = {
  'attribute-schemas': 'attribute schema',
  accounts: 'account',
  contacts: 'contact',
  'team-members': 'team member',
  assignments: 'assignment',
  products: 'product',
  content: 'content',
  channels: 'channel',
  'outcome-definitions': 'outcome definition',
  actions: 'action',
  treatments: 'treatment',
};

const shown = (key: RecordKey): string => (typeof key === 'string' ? key : key.join('/'));

/** What every resource of the catalogue does over HTTP: one record by id, and lists by page. */
@Injectable()
export class CatalogueResource {
  constructor(
    private readonly editor: CatalogueEditor,
    private readonly reader: CatalogueReader,
    private readonly parser: RecordParser,
  ) {}

  /** Creates or replaces; `value` is the body with the ids of the path. Gives the record as it now stands. */
  async put<Kind extends CatalogueKind>(
    kind: Kind,
    value: object,
    caller: Caller,
  ): Promise<CatalogueRecords[Kind]> {
    const parsed = this.parser.parse(kind, value);
    if (!parsed.ok) throw invalidFields(parsed.error);
    const { refused } = await this.editor.put(kind, [parsed.value], actorOf(caller));
    const [first] = refused;
    if (first?.unknownIds) {
      const detail = first.problems[0]?.detail ?? 'An id is not known.';
      throw new Problem('unknown-id', HttpStatus.NOT_FOUND, 'Not found', detail, first.problems);
    }
    if (first) throw invalidFields(first.problems);
    return parsed.value;
  }

  async get<Kind extends CatalogueKind>(kind: Kind, key: RecordKey): Promise<CatalogueRecords[Kind]> {
    const record = await this.reader.find(kind, key);
    if (record === undefined) throw unknownId(called[kind], shown(key));
    return record;
  }

  async remove(kind: CatalogueKind, key: RecordKey, caller: Caller): Promise<void> {
    await this.get(kind, key);
    const removed = await this.editor.remove(kind, key, actorOf(caller));
    if (!removed.ok)
      throw conflict(`The ${called[kind]} "${shown(key)}" cannot be removed: ${removed.error}.`);
  }

  async list<Kind extends CatalogueKind>(
    kind: Kind,
    { limit, cursor }: PageQuery,
    keyOf: (record: CatalogueRecords[Kind]) => RecordKey,
    filter: RecordFilter = {},
  ): Promise<Page<CatalogueRecords[Kind]>> {
    const after = readKey(readCursor(cursor));
    const query = { limit: limit + 1, filter, ...(after === undefined ? {} : { after }) };
    return pageOf(await this.reader.page(kind, query), limit, keyOf, (record) => record);
  }
}

function readKey(cursor: unknown): RecordKey | undefined {
  if (cursor === undefined || typeof cursor === 'string') return cursor;
  if (Array.isArray(cursor) && cursor.length === 2) {
    const [first, second] = cursor as unknown[];
    if (typeof first === 'string' && typeof second === 'string') return [first, second];
  }
  const detail = 'is not a cursor of this list: pass on nextCursor as it was given';
  throw invalidFields([{ pointer: '/cursor', detail }]);
}
