import type { AccountId, ContactId, MemberId } from './ids.js';

/** How people and accounts are called. */
export interface Named {
  accounts: ReadonlyMap<AccountId, string>;
  contacts: ReadonlyMap<ContactId, string>;
  members: ReadonlyMap<MemberId, string>;
}

/** Names of what is shown by id; those that are not known are left out. */
export abstract class Names {
  abstract of(ids: {
    accounts: readonly AccountId[];
    contacts: readonly ContactId[];
    members: readonly MemberId[];
  }): Promise<Named>;
}
