import type { EntityManager } from 'typeorm';
import type { FieldProblem } from '../../shared/index.js';
import type { CatalogueKind, CatalogueRecords } from '../catalogue-editor.js';

/** Kinds that other records name, with their table, the id's column and how they are called in a sentence. */
const referable = {
  accounts: { table: 'accounts', column: 'account_id', called: 'account' },
  'team-members': { table: 'team_members', column: 'member_id', called: 'team member' },
  products: { table: 'products', column: 'product_id', called: 'product' },
  content: { table: 'content', column: 'content_id', called: 'content' },
  channels: { table: 'channels', column: 'channel_id', called: 'channel' },
  'outcome-definitions': { table: 'outcome_definitions', column: 'outcome_id', called: 'outcome definition' },
  actions: { table: 'actions', column: 'action_id', called: 'action' },
} as const;
type Referable = keyof typeof referable;

interface Reference {
  kind: Referable;
  id: string;
  pointer: string;
}

const one = (kind: Referable, id: string | null, pointer: string): Reference[] =>
  id === null ? [] : [{ kind, id, pointer }];
const many = (kind: Referable, ids: readonly string[], pointer: string): Reference[] =>
  ids.map((id, index) => ({ kind, id, pointer: `${pointer}/${index}` }));

type ReferencesOf = { [Kind in CatalogueKind]?: (record: CatalogueRecords[Kind]) => Reference[] };

const referencesOf: ReferencesOf = {
  contacts: ({ accountId }) => one('accounts', accountId, '/accountId'),
  'team-members': ({ deputyId }) => one('team-members', deputyId, '/deputyId'),
  assignments: ({ accountId, memberId }) => [
    ...one('accounts', accountId, '/accountId'),
    ...one('team-members', memberId, '/memberId'),
  ],
  content: ({ productIds }) => many('products', productIds, '/productIds'),
  actions: ({ productIds, channelIds, outcomeId }) => [
    ...many('products', productIds, '/productIds'),
    ...many('channels', channelIds, '/channelIds'),
    ...one('outcome-definitions', outcomeId, '/outcomeId'),
  ],
  treatments: ({ actionId, channelId, contentId }) => [
    ...one('actions', actionId, '/actionId'),
    ...one('channels', channelId, '/channelId'),
    ...one('content', contentId, '/contentId'),
  ],
};

/** Problems of each record whose references name ids that do not exist; one query for each kind that is named. */
export async function referenceProblems<Kind extends CatalogueKind>(
  manager: EntityManager,
  kind: Kind,
  records: readonly CatalogueRecords[Kind][],
): Promise<FieldProblem[][]> {
  const read: ((record: CatalogueRecords[Kind]) => Reference[]) | undefined = referencesOf[kind];
  if (!read) return records.map(() => []);
  const references = records.map(read);
  const missing = await missingIds(manager, references.flat());
  if (kind === 'team-members') {
    for (const record of records as readonly CatalogueRecords['team-members'][])
      missing.get('team-members')?.delete(record.memberId);
  }
  return references.map((own) =>
    own
      .filter(({ kind: named, id }) => missing.get(named)?.has(id))
      .map(({ kind: named, id, pointer }) => ({
        pointer,
        detail: `there is no ${referable[named].called} with id "${id}": create it first, or correct the id`,
      })),
  );
}

async function missingIds(
  manager: EntityManager,
  references: readonly Reference[],
): Promise<Map<Referable, Set<string>>> {
  const asked = new Map<Referable, Set<string>>();
  for (const { kind, id } of references) {
    const ids = asked.get(kind) ?? new Set();
    asked.set(kind, ids.add(id));
  }
  const missing = new Map<Referable, Set<string>>();
  for (const [kind, ids] of asked) {
    const { table, column } = referable[kind];
    const rows = await manager.query<{ id: string }[]>(
      `select id from unnest($1::text[]) as id
        where not exists (select 1 from ${table} where ${table}.${column} = id)`,
      [[...ids]],
    );
    missing.set(kind, new Set(rows.map((row) => row.id)));
  }
  return missing;
}
