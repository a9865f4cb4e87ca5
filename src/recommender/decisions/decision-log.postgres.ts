import { DateTime } from 'luxon';
import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { copyRows, managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { schemaDigest } from '../compiled-world.js';
import type { InputSchema } from '../scoring/propensity-model.js';
import type { Decision, DecisionId, DecisionOutline } from './decision.js';
import { DecisionLog, type DecisionRef } from './decision-log.js';
import { decodeDecision, decodeOutline, type DecisionKey, encodeDecision } from './decision-record.js';

/** A logged decision as its table has it. */
export interface DecisionRow {
  account_id: string;
  decided_at: Date;
  decision_id: string;
  policy_epoch: string;
  state_sequence: string;
  run_id: string | null;
  record: Buffer;
}

const columnTypes = {
  account_id: 'text',
  decided_at: 'timestamptz',
  decision_id: 'text',
  policy_epoch: 'bigint',
  state_sequence: 'bigint',
  run_id: 'text',
  record: 'bytea',
} as const;
const columns = Object.keys(columnTypes);
export const DECISION_COLUMNS = columns.map((column) => `d.${column}`).join(', ');
/** Fewer, as of callers who are answered together, are written as one statement: a stream has its own cost. */
export const STREAM_FROM = 33;
/** Any constant: one process at a time makes a month. */
const MONTHS_LOCK = 7_263_542;
const MONTHS_AHEAD = 2;

const keyOf = (row: DecisionRow): DecisionKey => ({
  accountId: row.account_id as AccountId,
  decidedAt: row.decided_at,
  decisionId: row.decision_id as DecisionId,
  policyEpoch: Number(row.policy_epoch),
  stateSequence: Number(row.state_sequence),
  runId: row.run_id,
});
export const toDecision = (row: DecisionRow): Decision => decodeDecision(keyOf(row), row.record);
export const toOutline = (row: DecisionRow): DecisionOutline => decodeOutline(keyOf(row), row.record);

/** Inserts decisions from the parameters that `decisionColumns` gives, the first of which has this number. */
export function insertDecisions(first: number): string {
  const parameters = Object.values(columnTypes).map((type, index) => `$${first + index}::${type}[]`);
  return `insert into decisions (${columns.join(', ')}) select * from unnest(${parameters.join(', ')})`;
}

export function decisionColumns(decisions: readonly Decision[]): unknown[] {
  return [
    decisions.map(({ accountId }) => accountId),
    decisions.map(({ decidedAt }) => decidedAt),
    decisions.map(({ decisionId }) => decisionId),
    decisions.map(({ policyEpoch }) => policyEpoch),
    decisions.map(({ stateSequence }) => stateSequence),
    decisions.map(({ runId }) => runId),
    decisions.map(encodeDecision),
  ];
}

export class PostgresDecisionLog extends DecisionLog {
  private readonly months = new Set<string>();
  private readonly schemas = new Map<string, InputSchema>();

  constructor(private readonly database: DataSource) {
    super();
  }

  async prepare(at: Date): Promise<void> {
    const month = DateTime.fromJSDate(at, { zone: 'utc' }).startOf('month');
    if (this.months.has(month.toFormat('yyyy_MM'))) return;
    await this.database.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [MONTHS_LOCK]);
      for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
        const from = month.plus({ months: ahead });
        await manager.query(
          `create table if not exists decisions_${from.toFormat('yyyy_MM')} partition of decisions
             for values from ('${from.toISO()}') to ('${from.plus({ months: 1 }).toISO()}')
             with (toast_tuple_target = 8160)`,
        );
      }
    });
    this.months.add(month.toFormat('yyyy_MM'));
  }

  async append(decisions: readonly Decision[], within: Transaction): Promise<void> {
    if (decisions.length === 0) return;
    const manager = managerOf(within);
    if (decisions.length < STREAM_FROM) {
      await manager.query(insertDecisions(1), decisionColumns(decisions));
      return;
    }
    await copyRows(
      manager,
      'decisions',
      columnTypes,
      decisions.map((decision) => [
        decision.accountId,
        decision.decidedAt,
        decision.decisionId,
        decision.policyEpoch,
        decision.stateSequence,
        decision.runId,
        encodeDecision(decision),
      ]),
    );
  }

  async find(refs: readonly DecisionRef[]): Promise<Decision[]> {
    if (refs.length === 0) return [];
    const rows = await this.database.query<DecisionRow[]>(
      `select ${DECISION_COLUMNS} from unnest($1::text[], $2::text[]) as asked(account_id, decision_id)
         join decisions d on d.account_id = asked.account_id and d.decision_id = asked.decision_id`,
      [refs.map(({ accountId }) => accountId), refs.map(({ decisionId }) => decisionId)],
    );
    return rows.map(toDecision);
  }

  async page(
    range: { from: Date; to: Date },
    after: { accountId: AccountId; decidedAt: Date; decisionId: DecisionId } | null,
    limit: number,
  ): Promise<Decision[]> {
    const rows = await this.database.query<DecisionRow[]>(
      `select ${DECISION_COLUMNS} from decisions d
        where d.decided_at >= $1 and d.decided_at < $2
          and ($3::text is null or (d.account_id, d.decided_at, d.decision_id) > ($3, $4::timestamptz, $5))
        order by d.account_id, d.decided_at, d.decision_id limit $6`,
      [
        range.from,
        range.to,
        after?.accountId ?? null,
        after?.decidedAt ?? null,
        after?.decisionId ?? null,
        limit,
      ],
    );
    return rows.map(toDecision);
  }

  async saveSchema(schema: InputSchema): Promise<string> {
    const digest = schemaDigest(schema);
    if (this.schemas.has(digest)) return digest;
    await this.database.query(
      'insert into input_schemas values ($1, $2::jsonb) on conflict (digest) do nothing',
      [digest, JSON.stringify(schema)],
    );
    this.schemas.set(digest, schema);
    return digest;
  }

  async schema(digest: string): Promise<InputSchema | null> {
    const known = this.schemas.get(digest);
    if (known) return known;
    const [row] = await this.database.query<{ schema: InputSchema }[]>(
      'select schema from input_schemas where digest = $1',
      [digest],
    );
    if (row) this.schemas.set(digest, row.schema);
    return row?.schema ?? null;
  }
}
