import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { holdFree, managerOf } from '../../database/index.js';
import type { DecisionId, DecisionRef } from '../../recommender/index.js';
import type { Transactions } from '../../shared/index.js';
import type { RescoredArm } from '../evaluation/off-policy/index.js';
import { type ShadowArm, type ShadowDecision, ShadowLog } from './shadow-log.js';

/** An arm as it is stored: without the names of its fields. */
type PackedArm = [
  actionId: string,
  channelId: string,
  contactId: string,
  productId: string | null,
  propensity: number,
  priority: number,
];

interface Row {
  account_id: string;
  decision_id: string;
  version: string;
  decided_at: Date;
  champion: string;
  ranking: (PackedArm | null)[];
  drawn: number;
  propensities: number[];
  priorities: number[];
  milliseconds: number;
}

const COLUMNS =
  'account_id, decision_id, version, decided_at, champion, ranking, drawn, propensities, priorities, milliseconds';

/** Arrays of arrays do not pass through `unnest`: what is written goes as one JSON text. */
const APPEND = `
  insert into shadow_decisions (${COLUMNS})
  select r.account_id, r.decision_id, r.version, r.decided_at, r.champion, r.ranking, r.drawn,
         r.propensities, r.priorities, r.milliseconds
    from jsonb_to_recordset($1::jsonb) as r(
      account_id text, decision_id text, version text, decided_at timestamptz, champion text, ranking jsonb,
      drawn smallint, propensities real[], priorities double precision[], milliseconds real)
   where not exists (
     select from jsonb_array_elements(r.ranking) as arm
      where jsonb_typeof(arm) = 'array' and arm->>2 <> r.account_id
        and not exists (select from contacts c where c.account_id = r.account_id and c.contact_id = arm->>2))
  on conflict do nothing`;

export class PostgresShadowLog extends ShadowLog {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
  ) {
    super();
  }

  async append(decisions: readonly ShadowDecision[]): Promise<ShadowDecision[]> {
    if (decisions.length === 0) return [];
    return this.transactions.run(async (within) => {
      const accountIds = decisions.map(({ accountId }): string => accountId);
      const held = await holdFree(accountIds, within);
      const [free, busy] = [new Set(held.free), new Set(held.busy)];
      const own = decisions.filter(({ accountId }) => free.has(accountId));
      if (own.length > 0) await managerOf(within).query(APPEND, [JSON.stringify(own.map(rowOf))]);
      return decisions.filter(({ accountId }) => busy.has(accountId));
    });
  }

  async page(
    { version, since }: { version: string; since: Date },
    after: DecisionRef | null,
    limit: number,
  ): Promise<ShadowDecision[]> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from shadow_decisions
        where version = $1 and decided_at >= $2
          and ($3::text is null or (account_id, decision_id) > ($3, $4))
        order by account_id, decision_id limit $5`,
      [version, since, after?.accountId ?? null, after?.decisionId ?? null, limit],
    );
    return rows.map(read);
  }

  async scoredBy(
    version: string,
    decisions: readonly DecisionRef[],
  ): Promise<ReadonlyMap<DecisionId, readonly RescoredArm[]>> {
    const rows = await this.database.query<Pick<Row, 'decision_id' | 'propensities' | 'priorities'>[]>(
      `select s.decision_id, s.propensities, s.priorities
         from unnest($2::text[], $3::text[]) as asked(account_id, decision_id)
         join shadow_decisions s on s.account_id = asked.account_id and s.decision_id = asked.decision_id
        where s.version = $1 and cardinality(s.propensities) > 0`,
      [version, decisions.map(({ accountId }) => accountId), decisions.map(({ decisionId }) => decisionId)],
    );
    return new Map(rows.map((row) => [row.decision_id as DecisionId, scoredOf(row)]));
  }

  async purge(before: Date, limit: number): Promise<number> {
    const [, gone] = await this.database.query<[unknown[], number]>(
      `delete from shadow_decisions
        where ctid = any(array(select ctid from shadow_decisions where decided_at < $1 limit $2))`,
      [before, limit],
    );
    return gone;
  }
}

function rowOf({ ranking, scored, ...decision }: ShadowDecision) {
  return {
    account_id: decision.accountId,
    decision_id: decision.decisionId,
    version: decision.version,
    decided_at: decision.decidedAt.toISOString(),
    champion: decision.champion,
    ranking: ranking.map((arm) => arm && packed(arm)),
    drawn: decision.drawn,
    propensities: scored.map(({ propensity }) => propensity),
    priorities: scored.map(({ priority }) => priority),
    milliseconds: decision.milliseconds,
  };
}

const packed = (arm: ShadowArm): PackedArm => [
  arm.actionId,
  arm.channelId,
  arm.contactId,
  arm.productId,
  arm.propensity,
  arm.priority,
];

function read(row: Row): ShadowDecision {
  return {
    accountId: row.account_id as AccountId,
    decisionId: row.decision_id as DecisionId,
    version: row.version,
    decidedAt: row.decided_at,
    champion: row.champion,
    ranking: row.ranking.map((arm) => arm && unpacked(arm)),
    drawn: row.drawn,
    scored: scoredOf(row),
    milliseconds: row.milliseconds,
  };
}

function unpacked([actionId, channelId, contactId, productId, propensity, priority]: PackedArm): ShadowArm {
  return { actionId, channelId, contactId, productId, propensity, priority } as ShadowArm;
}

const scoredOf = ({ propensities, priorities }: Pick<Row, 'propensities' | 'priorities'>): RescoredArm[] =>
  propensities.map((propensity, place) => ({ propensity, priority: priorities[place] ?? 0 }));
