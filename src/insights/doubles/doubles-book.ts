import type { AccountId } from '../../catalogue/index.js';
import type { Double } from './compare.js';
import type { DoublesEvidence } from './evidence.js';
import type { Basis } from './ports.js';

/** The doubles of one account as they were found. */
export interface FoundDoubles {
  accountId: AccountId;
  asOf: Date;
  basis: Basis;
  doubles: readonly Double[];
  evidence: readonly DoublesEvidence[];
}

/** The doubles of accounts, found night by night. */
export abstract class DoublesBook {
  /** Replaces what was found before for these accounts. */
  abstract save(found: readonly FoundDoubles[]): Promise<void>;
  /** Accounts without any are left out. */
  abstract of(accountIds: readonly AccountId[]): Promise<Map<AccountId, FoundDoubles>>;
  /** When all accounts were looked at last; null: never. */
  abstract lastRun(): Promise<Date | null>;
  /** To be called when all are saved: forgets what older runs left of accounts that this one did not see. */
  abstract ran(asOf: Date): Promise<void>;
}
