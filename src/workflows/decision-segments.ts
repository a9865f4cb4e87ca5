import type { AccountId, Accounts } from '../catalogue/index.js';

/** Segments of the accounts of these records; null where an account has none. */
export async function segmentsOf(
  accounts: Pick<Accounts, 'dossiers'>,
  records: readonly { accountId: AccountId }[],
): Promise<Map<AccountId, string | null>> {
  const ids = [...new Set(records.map(({ accountId }) => accountId))];
  const dossiers = await accounts.dossiers(ids);
  return new Map(dossiers.map(({ account }) => [account.accountId, account.segment]));
}
