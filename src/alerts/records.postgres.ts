import type { DataSource } from 'typeorm';
import type { ContactMove } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { AlertRecords } from './records.js';

const MOVES = 'unnest($1::text[], $2::text[], $3::text[]) as moved(contact_id, from_account, to_account)';

/** Whether the index that lets a rule fire once holds the same of the new account. */
const FIRED_THERE = `exists (
  select from trigger_firings there
   where there.account_id = moved.to_account and there.rule_id = f.rule_id and there.subject = f.subject
     and there.bucket = f.bucket and there.state <> 'dropped')`;

export class PostgresAlertRecords extends AlertRecords {
  constructor(private readonly database: DataSource) {
    super();
  }

  async purge(before: Date, limit: number): Promise<number> {
    const alerts = await this.gone(
      `delete from alerts where (account_id, alert_id) in (
         select account_id, alert_id from alerts where raised_at < $1 and valid_until < $1 order by raised_at limit $2)
       returning 1`,
      before,
      limit,
    );
    const firings = await this.gone(
      `delete from trigger_firings where (account_id, firing_id) in (
         select account_id, firing_id from trigger_firings where fired_at < $1 and state <> 'waiting'
          order by fired_at limit $2)
       returning 1`,
      before,
      limit,
    );
    return Math.max(alerts, firings);
  }

  /** Of a rule that has fired for the contact under the new account too, the firing that was there stays. */
  async move(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    if (moves.length === 0) return;
    const manager = managerOf(within);
    const values = [
      moves.map(({ contactId }) => contactId),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
    ];
    await manager.query(
      `update alerts a set account_id = moved.to_account from ${MOVES}
        where a.account_id = moved.from_account and a.contact_id = moved.contact_id`,
      values,
    );
    await manager.query(
      `update trigger_firings f
          set account_id = moved.to_account, claimed_until = null,
              state = case when ${FIRED_THERE} then 'dropped' else f.state end,
              because = case when ${FIRED_THERE} then 'it has fired under the new account' else f.because end
         from ${MOVES}
        where f.account_id = moved.from_account and f.contact_id = moved.contact_id`,
      values,
    );
  }

  private async gone(statement: string, before: Date, limit: number): Promise<number> {
    const [rows] = await this.database.query<[unknown[], number]>(statement, [before, limit]);
    return rows.length;
  }
}
