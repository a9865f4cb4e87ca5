import type { DataSource } from 'typeorm';
import type { ContactId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { OwnCaps } from './change-preferences.js';

/** The cap stays with the contact, to whatever account it moves. */
export class PostgresOwnCaps extends OwnCaps {
  constructor(private readonly database: DataSource) {
    super();
  }

  async find(contactId: ContactId): Promise<number | null> {
    const [row] = await this.database.query<{ messages_per_week: number | null }[]>(
      'select messages_per_week from contacts where contact_id = $1',
      [contactId],
    );
    return row?.messages_per_week ?? null;
  }

  async set(contactId: ContactId, messagesPerWeek: number | null, within: Transaction): Promise<boolean> {
    const [, changed] = await managerOf(within).query<[unknown[], number]>(
      `update contacts set messages_per_week = $2
        where contact_id = $1 and messages_per_week is distinct from $2`,
      [contactId, messagesPerWeek],
    );
    return changed > 0;
  }
}
