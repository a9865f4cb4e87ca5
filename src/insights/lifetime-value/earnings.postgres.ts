import type { DataSource } from 'typeorm';
import type { AccountId, Catalogue } from '../../catalogue/index.js';
import {
  type AccountEvent,
  EVENT_COLUMNS,
  eventFrom,
  type EventRow,
  touchEvents,
} from '../../events/index.js';
import { type Earnings, EarningsBuilder, EarningsLog } from './earnings.js';

/** Events that are in memory as rows at a time. */
const FETCHED = 10_000;
const NAMES = ['Order Completed', 'Order Refunded', ...Object.keys(touchEvents)];

export class PostgresEarnings extends EarningsLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  until(asOf: Date, catalogue: Catalogue): Promise<Earnings> {
    return this.database.transaction(async (manager) => {
      const builder = new EarningsBuilder(catalogue, asOf);
      const names = NAMES.map((name) => `'${name}'`).join(', ');
      await manager.query(
        `declare earned no scroll cursor for
         select ${EVENT_COLUMNS} from events
          where name in (${names}) and occurred_at < '${asOf.toISOString()}'
          order by account_id, occurred_at, event_id`,
      );
      let own: AccountEvent[] = [];
      const finish = (accountId: AccountId | undefined) => {
        if (accountId !== undefined) builder.add(accountId, own);
        own = [];
      };
      for (;;) {
        const rows = await manager.query<EventRow[]>(`fetch ${FETCHED} from earned`);
        for (const event of rows.map(eventFrom)) {
          if (own[0] && own[0].accountId !== event.accountId) finish(own[0].accountId);
          own.push(event);
        }
        if (rows.length < FETCHED) break;
      }
      finish(own[0]?.accountId);
      return builder.build();
    });
  }
}
