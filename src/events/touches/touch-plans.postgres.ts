import type { DataSource } from 'typeorm';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { TouchId, TouchState } from './touch.js';
import { readTouch, touchColumns, type TouchRow, touchRow } from './touch-rows.js';
import {
  type OwnTouch,
  type OwnTouchQuery,
  type TouchChange,
  type TouchPlan,
  TouchPlans,
} from './touch-plans.js';

interface PlanRow {
  account_id: string;
  touch_id: string;
  suggestion_id: string;
  decision_id: string;
  treatment_id: string | null;
  content_id: string | null;
  product_id: string | null;
  through: string;
  slot_from: Date;
  slot_to: Date;
  time_zone: string;
  planned_at: Date;
  next_try_at: Date | null;
  tries: number;
  lease_until: Date | null;
  rule: string | null;
  because: string | null;
  delivered_at: Date | null;
  bounced_at: Date | null;
}

const planColumns = [
  'suggestion_id',
  'decision_id',
  'treatment_id',
  'content_id',
  'product_id',
  'through',
  'slot_from',
  'slot_to',
  'time_zone',
  'planned_at',
  'next_try_at',
  'tries',
  'lease_until',
  'rule',
  'because',
  'delivered_at',
  'bounced_at',
] as const;

const SELECT = `select ${touchColumns.map((column) => `t.${column}`).join(', ')},
       ${planColumns.map((column) => `p.${column}`).join(', ')}
  from touch_plans p join touches t on t.account_id = p.account_id and t.touch_id = p.touch_id`;

/** Columns that a change may name, beside the state and the instant of the touch itself. */
const changeable = {
  nextTryAt: 'next_try_at',
  leaseUntil: 'lease_until',
  tries: 'tries',
  rule: 'rule',
  because: 'because',
  deliveredAt: 'delivered_at',
  bouncedAt: 'bounced_at',
} as const satisfies Partial<Record<keyof TouchChange, string>>;

export class PostgresTouchPlans extends TouchPlans {
  constructor(private readonly database: DataSource) {
    super();
  }

  async add(touches: readonly OwnTouch[], within: Transaction): Promise<OwnTouch[]> {
    if (touches.length === 0) return [];
    const rows = touches.map((one) => ({ ...touchRow(one.touch), ...planRow(one.plan) }));
    const columns = ['account_id', 'touch_id', ...planColumns].join(', ');
    const added = await managerOf(within).query<{ touch_id: string }[]>(
      `with given as (
         select distinct on (plan.account_id, plan.suggestion_id) plan.*
           from json_populate_recordset(null::touch_plans, $1) as plan
          where not exists (
            select from touch_plans p join touches t on t.account_id = p.account_id and t.touch_id = p.touch_id
             where p.account_id = plan.account_id and p.suggestion_id = plan.suggestion_id
               and t.state <> 'cancelled')
          order by plan.account_id, plan.suggestion_id),
       plans as (insert into touch_plans (${columns}) select ${columns} from given)
       insert into touches (${touchColumns.join(', ')})
       select ${touchColumns.join(', ')} from json_populate_recordset(null::touches, $1) as touch
        where (touch.account_id, touch.touch_id) in (select account_id, touch_id from given)
       returning touch_id`,
      [JSON.stringify(rows)],
    );
    const ids = new Set(added.map((row) => row.touch_id));
    return touches.filter(({ touch }) => ids.has(touch.touchId));
  }

  async find(touchId: TouchId, within?: Transaction): Promise<OwnTouch | null> {
    const over = within ? managerOf(within) : this.database;
    const [row] = await over.query<(TouchRow & PlanRow)[]>(`${SELECT} where t.touch_id = $1`, [touchId]);
    return row ? ownTouch(row) : null;
  }

  async due(what: 'planned' | 'sending', at: Date, limit: number): Promise<OwnTouch[]> {
    const column = what === 'planned' ? 'next_try_at' : 'lease_until';
    const rows = await this.database.query<(TouchRow & PlanRow)[]>(
      `${SELECT} where p.${column} <= $1 and t.state = $2 order by p.${column}, p.touch_id limit $3`,
      [at, what, limit],
    );
    return rows.map(ownTouch);
  }

  async move(
    { accountId, touchId }: Pick<OwnTouch['touch'], 'accountId' | 'touchId'>,
    from: readonly TouchState[],
    change: TouchChange,
    within: Transaction,
  ): Promise<boolean> {
    const manager = managerOf(within);
    const [moved] = await manager.query<[unknown[], number]>(
      `update touches set state = $4, at = coalesce($5, at)
        where account_id = $1 and touch_id = $2 and state = any($3) returning touch_id`,
      [accountId, touchId, from, change.to, change.at ?? null],
    );
    if (moved.length === 0) return false;
    const given = Object.entries({ ...settled(change.to), ...change }).flatMap(([key, value]) => {
      const column = (changeable as Record<string, string>)[key];
      return column === undefined || value === undefined ? [] : [{ column, value }];
    });
    if (given.length === 0) return true;
    await manager.query(
      `update touch_plans set ${given.map(({ column }, place) => `${column} = $${place + 3}`).join(', ')}
        where account_id = $1 and touch_id = $2`,
      [accountId, touchId, ...given.map(({ value }) => value)],
    );
    return true;
  }

  async page({ accountId, state, seenBy, after, limit }: OwnTouchQuery): Promise<OwnTouch[]> {
    const rows = await this.database.query<(TouchRow & PlanRow)[]>(
      `${SELECT}
        where ($1::text is null or p.account_id = $1) and ($2::text is null or t.state = $2)
          and ($3::text is null or exists (
            select from account_team m where m.account_id = p.account_id and m.member_id = $3))
          and ($4::timestamptz is null or (p.planned_at, p.touch_id) < ($4, $5))
        order by p.planned_at desc, p.touch_id desc limit $6`,
      [
        accountId ?? null,
        state ?? null,
        seenBy ?? null,
        after?.at ?? null,
        after?.touchId ?? null,
        limit + 1,
      ],
    );
    return rows.map(ownTouch);
  }
}

/** What no longer waits is not looked for. */
function settled(to: TouchState): Partial<TouchChange> {
  return {
    ...(to === 'planned' ? {} : { nextTryAt: null }),
    ...(to === 'sending' ? {} : { leaseUntil: null }),
  };
}

function planRow(plan: TouchPlan): PlanRow {
  return {
    account_id: plan.accountId,
    touch_id: plan.touchId,
    suggestion_id: plan.suggestionId,
    decision_id: plan.decisionId,
    treatment_id: plan.treatmentId,
    content_id: plan.contentId,
    product_id: plan.productId,
    through: plan.through,
    slot_from: plan.slot.from,
    slot_to: plan.slot.to,
    time_zone: plan.slot.timeZone,
    planned_at: plan.plannedAt,
    next_try_at: plan.nextTryAt,
    tries: plan.tries,
    lease_until: plan.leaseUntil,
    rule: plan.rule,
    because: plan.because,
    delivered_at: plan.deliveredAt,
    bounced_at: plan.bouncedAt,
  };
}

/** The rows hold what `planRow` put there: closed vocabularies need no second check. */
function ownTouch(row: TouchRow & PlanRow): OwnTouch {
  return {
    touch: readTouch(row),
    plan: {
      touchId: row.touch_id as TouchPlan['touchId'],
      accountId: row.account_id as TouchPlan['accountId'],
      suggestionId: row.suggestion_id,
      decisionId: row.decision_id,
      treatmentId: row.treatment_id as TouchPlan['treatmentId'],
      contentId: row.content_id as TouchPlan['contentId'],
      productId: row.product_id as TouchPlan['productId'],
      through: row.through as TouchPlan['through'],
      slot: { from: row.slot_from, to: row.slot_to, timeZone: row.time_zone },
      plannedAt: row.planned_at,
      nextTryAt: row.next_try_at,
      tries: row.tries,
      leaseUntil: row.lease_until,
      rule: row.rule,
      because: row.because,
      deliveredAt: row.delivered_at,
      bouncedAt: row.bounced_at,
    },
  };
}
