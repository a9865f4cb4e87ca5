import type { Transaction } from '../shared/index.js';
import type { AccountId, ContactId } from './ids.js';

export interface ContactMove {
  contactId: ContactId;
  from: AccountId;
  to: AccountId;
}

/**
 * What a contact leaves under its old account when it moves (events, consent facts, touches, …) goes with it. The
 * catalogue declares this, a workflow fills it. Both accounts are locked.
 */
export abstract class ContactMoves {
  abstract follow(moves: readonly ContactMove[], within: Transaction): Promise<void>;
}
