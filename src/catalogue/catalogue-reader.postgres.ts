import type { DataSource } from 'typeorm';
import { entityOf } from './catalogue.entity.js';
import type { CatalogueKind, CatalogueRecords, RecordKey } from './catalogue-editor.js';
import { CatalogueReader, type RecordFilter } from './catalogue-reader.js';
import { isStorable } from './records/reader.js';

/** Key of each kind in lists; contacts are named by their own id. */
const keyOf: Record<CatalogueKind, readonly string[]> = {
  'attribute-schemas': ['kind'],
  accounts: ['accountId'],
  contacts: ['contactId'],
  'team-members': ['memberId'],
  assignments: ['accountId', 'memberId'],
  products: ['productId'],
  content: ['contentId'],
  channels: ['channelId'],
  'outcome-definitions': ['outcomeId'],
  actions: ['actionId'],
  treatments: ['actionId', 'treatmentId'],
};

const filterable = ['stub', 'segment', 'accountId', 'actionId'] as const;

export class PostgresCatalogueReader extends CatalogueReader {
  constructor(private readonly database: DataSource) {
    super();
  }

  async find<Kind extends CatalogueKind>(
    kind: Kind,
    key: RecordKey,
  ): Promise<CatalogueRecords[Kind] | undefined> {
    const parts = partsOf(key);
    if (!parts.every(isStorable)) return undefined;
    const query = this.query(kind);
    keyOf[kind].forEach((name, index) =>
      query.andWhere(`r.${name} = :key${index}`, { [`key${index}`]: parts[index] }),
    );
    const row = await query.getOne();
    return row === null ? undefined : plain<CatalogueRecords[Kind]>(row);
  }

  async page<Kind extends CatalogueKind>(
    kind: Kind,
    { after, limit, filter = {} }: { after?: RecordKey; limit: number; filter?: RecordFilter },
  ): Promise<CatalogueRecords[Kind][]> {
    if (![...partsOf(after ?? ''), ...Object.values(filter)].every((value) => isStorable(String(value))))
      return [];
    const query = this.query(kind).limit(limit);
    const names = keyOf[kind].map((name) => `r.${name}`);
    for (const name of names) query.addOrderBy(name, 'ASC');
    if (after !== undefined) {
      const parts = partsOf(after);
      const places = names.map((_, index) => `:after${index}`);
      query.andWhere(
        `(${names.join(', ')}) > (${places.join(', ')})`,
        Object.fromEntries(names.map((_, index) => [`after${index}`, parts[index]])),
      );
    }
    this.narrow(kind, query, filter);
    return (await query.getMany()).map((row) => plain<CatalogueRecords[Kind]>(row));
  }

  private query(kind: CatalogueKind) {
    return this.database.createQueryBuilder<object>(entityOf[kind], 'r');
  }

  private narrow(kind: CatalogueKind, query: ReturnType<typeof this.query>, filter: RecordFilter): void {
    const known = new Set(
      this.database.getMetadata(entityOf[kind]).columns.map((column) => column.propertyName),
    );
    for (const name of filterable) {
      const value = filter[name];
      if (value !== undefined && known.has(name)) query.andWhere(`r.${name} = :${name}`, { [name]: value });
    }
    const [key = ''] = keyOf[kind];
    if (filter.search !== undefined && known.has('name'))
      query.andWhere(
        `(strpos(lower(r.${key}), lower(:search)) > 0 or strpos(lower(r.name), lower(:search)) > 0)`,
        {
          search: filter.search,
        },
      );
    if (filter.assignedTo !== undefined && known.has('accountId')) {
      query.andWhere(
        `exists (select 1 from account_team t where t.account_id = r.accountId and t.member_id = :assignedTo)`,
        { assignedTo: filter.assignedTo },
      );
    }
  }
}

function partsOf(key: RecordKey): readonly string[] {
  return typeof key === 'string' ? [key] : key;
}

/** The entity's fields are those of the record: its class adds nothing. */
function plain<Value>(row: object): Value {
  return { ...row } as Value;
}
