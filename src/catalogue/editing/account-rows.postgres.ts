import type { EntityManager } from 'typeorm';

/** The rows of `account_state` that stand for accounts: made, held and marked, always in order of id. */

/** Makes the missing state rows. */
export async function ensureStateRows(manager: EntityManager, accountIds: readonly string[]): Promise<void> {
  await manager.query(
    `insert into account_state (account_id)
     select distinct id from unnest($1::text[]) as id order by id
         on conflict do nothing`,
    [accountIds],
  );
}

/** Locks accounts as `lockAccounts` does, without reading their states: for thousands at once. */
export async function holdAccounts(manager: EntityManager, accountIds: readonly string[]): Promise<void> {
  await manager.query(
    `select 1 from account_state where account_id = any($1::text[]) order by account_id for update`,
    [accountIds],
  );
}

/** Says that their features no longer follow from what is folded: the feature store rebuilds them from the log. */
export async function askForRebuild(manager: EntityManager, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await manager.query('update account_state set feature_set = null where account_id = any($1::text[])', [
    accountIds,
  ]);
}
