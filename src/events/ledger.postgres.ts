import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import type { EventId } from './event.js';
import { EventLedger } from './ledger.js';

export class PostgresEventLedger extends EventLedger {
  constructor(private readonly database: DataSource) {
    super();
  }

  async claim(keys: readonly EventId[], at: Date, within: Transaction): Promise<Set<EventId>> {
    if (keys.length === 0) return new Set();
    const rows = await managerOf(within).query<{ dedup_key: EventId }[]>(
      `insert into event_ledger (dedup_key, recorded_at)
       select key, $2 from unnest($1::uuid[]) as key
       on conflict do nothing returning dedup_key`,
      [[...keys].sort(), at],
    );
    return new Set(rows.map((row) => row.dedup_key));
  }

  async release(keys: readonly EventId[], within: Transaction): Promise<void> {
    if (keys.length === 0) return;
    await managerOf(within).query('delete from event_ledger where dedup_key = any($1::uuid[])', [keys]);
  }

  async purge(before: Date, limit: number): Promise<number> {
    const [, count] = await this.database.query<[unknown[], number]>(
      `delete from event_ledger where ctid = any(array(
         select ctid from event_ledger where recorded_at < $1 limit $2))`,
      [before, limit],
    );
    return count;
  }
}
