import type { EntityManager, EntityMetadata } from 'typeorm';
import type { CatalogueKind, CatalogueRecords } from '../catalogue-editor.js';
import { entityOf } from '../catalogue.entity.js';

/** A row that was written: its key in order of the key's columns, and whether it is new. */
export interface WrittenRow {
  key: string[];
  inserted: boolean;
}

/** Columns that tell records apart; contacts are unique by their own id, whatever account they belong to. */
const identity: Partial<Record<CatalogueKind, readonly string[]>> = { contacts: ['contactId'] };

const quoted = (name: string) => `"${name}"`;
const listed = (names: readonly string[], prefix = '') =>
  names.map((name) => prefix + quoted(name)).join(', ');

interface UpsertStatement {
  sql: string;
  keyColumns: readonly string[];
}

/** The insert-or-replace of a kind, made from its entity: all records travel as one JSON parameter. */
function upsertStatement(metadata: EntityMetadata, keyProperties: readonly string[]): UpsertStatement {
  const columns = metadata.columns.map((column) => column.databaseName);
  const isKey = (property: string) => keyProperties.includes(property);
  const keyColumns = metadata.columns
    .filter((column) => isKey(column.propertyName))
    .map((column) => column.databaseName);
  const others = metadata.columns
    .filter((column) => !isKey(column.propertyName))
    .map((column) => column.databaseName);
  const fields = metadata.columns.map(
    (column) => `${quoted(column.propertyName)} ${String(column.type)}${column.isArray ? '[]' : ''}`,
  );
  const whenKnown =
    others.length === 0
      ? 'do nothing'
      : `do update set ${others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}
          where (${listed(others, 'kept.')}) is distinct from (${listed(others, 'excluded.')})`;
  const sql = `
    insert into ${quoted(metadata.tableName)} as kept (${listed(columns)})
    select ${metadata.columns.map(givenOrDefault).join(', ')}
      from jsonb_to_recordset($1::jsonb) as given(${fields.join(', ')})
     order by ${listed(keyProperties)}
        on conflict (${listed(keyColumns)}) ${whenKnown}
    returning ${listed(keyColumns, 'kept.')}, (kept.xmax = 0) as inserted`;
  return { sql, keyColumns };
}

/** What a record leaves out has its column's default, where that is a text. */
function givenOrDefault(column: EntityMetadata['columns'][number]): string {
  const name = quoted(column.propertyName);
  return typeof column.default === 'string' ? `coalesce(${name}, '${column.default}')` : name;
}

/**
 * Creates or replaces records of one kind in one statement and gives the rows that are new or have changed. Of several
 * records with the same key the last one stands.
 */
export async function upsert<Kind extends CatalogueKind>(
  manager: EntityManager,
  kind: Kind,
  records: readonly CatalogueRecords[Kind][],
): Promise<WrittenRow[]> {
  if (records.length === 0) return [];
  const metadata = manager.connection.getMetadata(entityOf[kind]);
  const keyProperties = identity[kind] ?? metadata.primaryColumns.map((column) => column.propertyName);
  const { sql, keyColumns } = upsertStatement(metadata, keyProperties);
  const last = new Map(records.map((record) => [keyText(record, keyProperties), record]));
  const rows = await manager.query<Record<string, unknown>[]>(sql, [JSON.stringify([...last.values()])]);
  return rows.map((row) => ({
    key: keyColumns.map((column) => String(row[column])),
    inserted: row.inserted === true,
  }));
}

function keyText(record: object, properties: readonly string[]): string {
  const members: Record<string, unknown> = { ...record };
  return JSON.stringify(properties.map((property) => members[property]));
}
