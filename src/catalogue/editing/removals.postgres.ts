import type { EntityManager } from 'typeorm';
import { raisePolicyEpoch } from '../../database/index.js';
import { err, ok, type Result, type Transaction } from '../../shared/index.js';
import type { CatalogueKind } from '../catalogue-editor.js';
import type { KnownFeatures } from '../known-features.js';
import { holdAccounts } from './account-rows.postgres.js';
import { brokenActions, readSchemas } from './definition-checks.postgres.js';

/** Why a record stays, or how many rows went. */
type Removal = (key: readonly string[], within: RemovalWithin) => Promise<Result<number, string>>;

export interface RemovalWithin {
  manager: EntityManager;
  transaction: Transaction;
  features: KnownFeatures;
}

async function deleted(manager: EntityManager, sql: string, key: readonly string[]): Promise<number> {
  const rows = await manager.query<unknown[]>(
    `with gone as (${sql} returning 1) select 1 as gone from gone`,
    [...key],
  );
  return rows.length;
}

/** A query that gives, as `used`, what still names the record. */
async function usedBy(manager: EntityManager, sql: string, key: readonly string[]): Promise<string[]> {
  const rows = await manager.query<{ used: string }[]>(`select used from (${sql}) as uses limit 5`, [...key]);
  return rows.map((row) => row.used);
}

const plain =
  (sql: string, uses?: string): Removal =>
  async (key, { manager }) => {
    const named = uses ? await usedBy(manager, uses, key) : [];
    if (named.length > 0) return err(`it is still named by ${named.join(', ')}: change these first`);
    return ok(await deleted(manager, sql, key));
  };

const removals: Record<CatalogueKind, Removal> = {
  'attribute-schemas': async (key, { manager, features }) => {
    const schemas = { ...(await readSchemas(manager)), [key[0] ?? '']: {} };
    const [broken] = await brokenActions(manager, schemas, features);
    if (broken) return err(broken.detail);
    return ok(await deleted(manager, 'delete from attribute_schemas where kind = $1', key));
  },
  accounts: async (key, { manager, transaction }) => {
    await holdAccounts(manager, key);
    await manager.query('delete from contacts where account_id = $1', [...key]);
    const gone = await deleted(manager, 'delete from accounts where account_id = $1', key);
    await raisePolicyEpoch(key, transaction);
    return ok(gone);
  },
  contacts: async (key, { manager, transaction }) => {
    const [contact] = await manager.query<{ account_id: string }[]>(
      'select account_id from contacts where contact_id = $1',
      [...key],
    );
    if (!contact) return ok(0);
    if (contact.account_id === key[0])
      return err('it is the contact of a person-account: remove the account instead');
    await holdAccounts(manager, [contact.account_id]);
    const gone = await deleted(manager, 'delete from contacts where contact_id = $1', key);
    await raisePolicyEpoch([contact.account_id], transaction);
    return ok(gone);
  },
  assignments: async (key, { manager, transaction }) => {
    await holdAccounts(manager, key.slice(0, 1));
    const gone = await deleted(
      manager,
      'delete from account_team where account_id = $1 and member_id = $2',
      key,
    );
    await raisePolicyEpoch(key.slice(0, 1), transaction);
    return ok(gone);
  },
  'team-members': plain(
    'delete from team_members where member_id = $1',
    `select 'team member ' || member_id as used from team_members where deputy_id = $1 and member_id <> $1`,
  ),
  products: plain(
    'delete from products where product_id = $1',
    `select 'action ' || action_id as used from actions where $1 = any(product_ids)
      union all select 'content ' || content_id from content where $1 = any(product_ids)`,
  ),
  content: plain(
    'delete from content where content_id = $1',
    `select 'treatment ' || treatment_id as used from treatments where content_id = $1`,
  ),
  channels: plain(
    'delete from channels where channel_id = $1',
    `select 'action ' || action_id as used from actions where $1 = any(channel_ids)
      union all select 'treatment ' || treatment_id from treatments where channel_id = $1`,
  ),
  'outcome-definitions': plain(
    'delete from outcome_definitions where outcome_id = $1',
    `select 'action ' || action_id as used from actions where outcome_id = $1`,
  ),
  actions: plain('delete from actions where action_id = $1'),
  treatments: plain('delete from treatments where action_id = $1 and treatment_id = $2'),
};

/** Removes one record unless others still name it. An unknown key removes nothing. */
export function removeRecord(
  kind: CatalogueKind,
  key: readonly string[],
  within: RemovalWithin,
): Promise<Result<number, string>> {
  return removals[kind](key, within);
}
