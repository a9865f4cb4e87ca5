import type { DataSource } from 'typeorm';
import type { ActionId } from '../catalogue/index.js';
import { type ActionReach, ReachBook, type ReachOfActions } from '../contact-policy/index.js';
import { managerOf, raiseVersion } from '../database/index.js';
import type { Transaction } from '../shared/index.js';

type Row = { action_id: string } & ActionReach;

const SELECT = 'select action_id, share, evidence from action_reach';

export class PostgresReachBook extends ReachBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async current(): Promise<ReachOfActions> {
    return reachFrom(await this.database.query<Row[]>(`${SELECT} where share < 1`));
  }

  async known(): Promise<ReachOfActions> {
    return reachFrom(await this.database.query<Row[]>(SELECT));
  }

  async unmet(): Promise<ActionId[]> {
    const rows = await this.database.query<{ action_id: ActionId }[]>(
      'select action_id from actions where action_id not in (select action_id from action_reach)',
    );
    return rows.map((row) => row.action_id);
  }

  async evidence(): Promise<Map<ActionId, number>> {
    const rows = await this.database.query<{ action_id: string; touches: number }[]>(
      `select a.action_id, coalesce(t.touches, 0)::int as touches
         from actions a
         left join (select action_id, count(*) as touches from touches
                     where action_id is not null and state = 'sent' group by action_id) t using (action_id)`,
    );
    return new Map(rows.map(({ action_id, touches }) => [action_id as ActionId, touches]));
  }

  async save(reach: ReachOfActions, at: Date, within: Transaction): Promise<void> {
    const manager = managerOf(within);
    const entries = [...reach];
    await manager.query(
      `insert into action_reach (action_id, evidence, share, counted_at)
         select action_id, evidence, share, $4
           from unnest($1::text[], $2::int[], $3::float8[]) as given(action_id, evidence, share)
       on conflict (action_id) do update
         set evidence = excluded.evidence, share = excluded.share, counted_at = excluded.counted_at`,
      [
        entries.map(([actionId]) => actionId),
        entries.map(([, { evidence }]) => evidence),
        entries.map(([, { share }]) => share),
        at,
      ],
    );
    await raiseVersion(manager, 'reach');
  }
}

function reachFrom(rows: readonly Row[]): ReachOfActions {
  return new Map(rows.map(({ action_id, share, evidence }) => [action_id as ActionId, { share, evidence }]));
}
