import type { OwnTouch } from '../events/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { HeldAddresses } from './send-touches.js';

/** The address stays with the contact; decisions and touches read it as absent until it is another one. */
export class PostgresHeldAddresses extends HeldAddresses {
  async hold({ contactId }: OwnTouch['touch'], within: Transaction): Promise<void> {
    if (contactId === null) return;
    await managerOf(within).query('update contacts set held_email = lower(email) where contact_id = $1', [
      contactId,
    ]);
  }
}
