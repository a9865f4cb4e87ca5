import { LRUCache } from 'lru-cache';
import type { AccountId, ContactId } from '../catalogue/index.js';
import type { AccountState } from '../features/index.js';
import { MINUTE } from '../shared/index.js';
import type { LockedRow } from './ingest-events-rows.js';

/** A locked account in a transaction: what is known of it, true for this sequence of its row. */
export interface OpenAccount {
  sequence: number;
  /** Undefined: not read yet. */
  state: AccountState | undefined;
  /** Bytes of the encoded state. */
  size: number;
  /** Time zones of contacts that live in it; null: the deployment's. */
  contacts: Map<ContactId, string | null>;
  /** Undefined: not asked yet; null: the deployment's. */
  timeZone: string | null | undefined;
}

export type OpenAccounts = Map<AccountId, OpenAccount>;

/** A state in memory takes about so many times its encoded bytes; entries themselves take so many bytes. */
const EXPANSION = 6;
const OVERHEAD_BYTES = 400;
const MEMORY_MAX_BYTES = 64 * 1024 * 1024;
/** A time zone that was edited in the catalogue is seen this much later. */
const TRUSTED_FOR = MINUTE;

/**
 * Accounts whose events came lately, so that neither their states nor their people are read again. An account is taken
 * out to be changed, and put back once all is committed; who finds none reads the database. An entry is still true when
 * its row has the same sequence, which is never reset, and the present feature set: whoever moves a contact or changes
 * a time zone takes the feature set away.
 */
export class WarmAccounts {
  private readonly accounts = new LRUCache<AccountId, OpenAccount>({
    maxSize: MEMORY_MAX_BYTES,
    sizeCalculation: ({ size, contacts }) => size * EXPANSION + OVERHEAD_BYTES * (1 + contacts.size),
    ttl: TRUSTED_FOR,
  });

  constructor(private readonly featureSet: string) {}

  open(locked: ReadonlyMap<AccountId, LockedRow>): OpenAccounts {
    const opened: OpenAccounts = new Map();
    for (const [accountId, { sequence, featureSet }] of locked) {
      const known = this.accounts.get(accountId);
      if (known) this.accounts.delete(accountId);
      const holds = featureSet === this.featureSet && known?.sequence === sequence;
      opened.set(accountId, holds ? known : cold(sequence));
    }
    return opened;
  }

  /** To be told once the transaction is committed. */
  putBack(opened: OpenAccounts): void {
    for (const [accountId, account] of opened) {
      const known = this.accounts.get(accountId);
      if (account.state && (!known || known.sequence < account.sequence))
        this.accounts.set(accountId, account);
    }
  }
}

function cold(sequence: number): OpenAccount {
  return { sequence, state: undefined, size: 0, contacts: new Map(), timeZone: undefined };
}
