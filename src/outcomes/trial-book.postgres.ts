import type { DataSource } from 'typeorm';
import type { AccountId, ActionId, ChannelId, ContactId, OutcomeId, ProductId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import { type KeptTrial, OutcomeInbox, TrialBook } from './trial-book.js';

export class PostgresOutcomeInbox extends OutcomeInbox {
  constructor(private readonly database: DataSource) {
    super();
  }

  async isWaiting(): Promise<boolean> {
    const [row] = await this.database.query<{ waiting: boolean }[]>(
      'select exists (select from outcome_inbox) as waiting',
    );
    return row?.waiting ?? false;
  }

  async notice(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    if (accountIds.length === 0) return;
    await managerOf(within).query(
      'insert into outcome_inbox (account_id) select distinct unnest($1::text[])',
      [accountIds],
    );
  }

  async take(limit: number, within: Transaction): Promise<AccountId[]> {
    const [rows] = await managerOf(within).query<[{ account_id: AccountId }[], number]>(
      `delete from outcome_inbox
        where entry_id in (select entry_id from outcome_inbox order by entry_id limit $1 for update skip locked)
        returning account_id`,
      [limit],
    );
    return [...new Set(rows.map((row) => row.account_id))].sort();
  }
}

interface Row {
  account_id: string;
  trial_id: string;
  started_at: Date;
  closes_at: Date;
  contact_id: string | null;
  action_id: string;
  channel_id: string;
  product_id: string | null;
  outcome_id: string;
  decision_id: string;
  decided_at: Date;
  suggestion_id: string;
  rank: number;
  label: 0 | 1 | null;
  outcome_at: Date | null;
  value: number | null;
  offered_value: number;
  propensity: number;
  next_at: Date | null;
  model: string | null;
  inputs: Buffer | null;
  counted_label: 0 | 1 | null;
  counted_weight: number;
}

/** Columns and their types, in the order of `written`. */
const types = {
  account_id: 'text',
  trial_id: 'text',
  started_at: 'timestamptz',
  closes_at: 'timestamptz',
  contact_id: 'text',
  action_id: 'text',
  channel_id: 'text',
  product_id: 'text',
  outcome_id: 'text',
  decision_id: 'text',
  decided_at: 'timestamptz',
  suggestion_id: 'text',
  rank: 'int',
  label: 'smallint',
  outcome_at: 'timestamptz',
  value: 'float8',
  offered_value: 'float8',
  propensity: 'float8',
  next_at: 'timestamptz',
  model: 'text',
  inputs: 'bytea',
  counted_label: 'smallint',
  counted_weight: 'float8',
} as const satisfies Record<keyof Row, string>;

const names = Object.keys(types) as (keyof Row)[];
const COLUMNS = names.join(', ');
const PUT = `
  insert into trials (${COLUMNS})
  select * from unnest(${names.map((name, place) => `$${place + 1}::${types[name]}[]`).join(', ')})
  on conflict (account_id, trial_id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;

export class PostgresTrialBook extends TrialBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async ofAccounts(accountIds: readonly AccountId[], within: Transaction): Promise<KeptTrial[]> {
    const rows = await managerOf(within).query<Row[]>(
      `select ${COLUMNS} from trials where account_id = any($1) order by account_id, started_at, trial_id`,
      [accountIds],
    );
    return rows.map(read);
  }

  async due(at: Date, limit: number, within?: Transaction): Promise<KeptTrial[]> {
    const rows = await (within ? managerOf(within) : this.database).query<Row[]>(
      `select ${COLUMNS} from trials where next_at <= $1 order by next_at limit $2`,
      [at, limit],
    );
    return rows.map(read);
  }

  async since(
    from: Date,
    after: { accountId: AccountId; trialId: string } | null,
    limit: number,
    within: Transaction,
  ): Promise<KeptTrial[]> {
    const rows = await managerOf(within).query<Row[]>(
      `select ${COLUMNS} from trials
        where started_at >= $1 and ($2::text is null or (account_id, trial_id) > ($2, $3))
        order by account_id, trial_id limit $4`,
      [from, after?.accountId ?? null, after?.trialId ?? null, limit],
    );
    return rows.map(read);
  }

  async put(trials: readonly KeptTrial[], within: Transaction): Promise<void> {
    if (trials.length === 0) return;
    const rows = trials.map(written);
    await managerOf(within).query(
      PUT,
      names.map((name) => rows.map((row) => row[name])),
    );
  }

  async remove(
    trials: readonly { accountId: AccountId; trialId: string }[],
    within: Transaction,
  ): Promise<void> {
    if (trials.length === 0) return;
    await managerOf(within).query(
      `delete from trials t using unnest($1::text[], $2::text[]) as gone(account_id, trial_id)
        where t.account_id = gone.account_id and t.trial_id = gone.trial_id`,
      [trials.map(({ accountId }) => accountId), trials.map(({ trialId }) => trialId)],
    );
  }
}

function read(row: Row): KeptTrial {
  return {
    trial: {
      accountId: row.account_id as AccountId,
      trialId: row.trial_id,
      startedAt: row.started_at,
      closesAt: row.closes_at,
      contactId: row.contact_id as ContactId | null,
      actionId: row.action_id as ActionId,
      channelId: row.channel_id as ChannelId,
      productId: row.product_id as ProductId | null,
      outcomeId: row.outcome_id as OutcomeId,
      decisionId: row.decision_id as DecisionId,
      decidedAt: row.decided_at,
      suggestionId: row.suggestion_id as SuggestionId,
      rank: row.rank,
      label: row.label,
      outcomeAt: row.outcome_at,
      value: row.value,
      offeredValue: row.offered_value,
      propensity: row.propensity,
    },
    counted: {
      model: row.model,
      inputs: row.inputs && new Float32Array(Uint8Array.from(row.inputs).buffer),
      label: row.counted_label,
      weight: row.counted_weight,
    },
    nextAt: row.next_at,
  };
}

function written({ trial, counted, nextAt }: KeptTrial): Row {
  const { inputs } = counted;
  return {
    account_id: trial.accountId,
    trial_id: trial.trialId,
    started_at: trial.startedAt,
    closes_at: trial.closesAt,
    contact_id: trial.contactId,
    action_id: trial.actionId,
    channel_id: trial.channelId,
    product_id: trial.productId,
    outcome_id: trial.outcomeId,
    decision_id: trial.decisionId,
    decided_at: trial.decidedAt,
    suggestion_id: trial.suggestionId,
    rank: trial.rank,
    label: trial.label,
    outcome_at: trial.outcomeAt,
    value: trial.value,
    offered_value: trial.offeredValue,
    propensity: trial.propensity,
    next_at: nextAt,
    model: counted.model,
    inputs: inputs && Buffer.from(inputs.buffer, inputs.byteOffset, inputs.byteLength),
    counted_label: counted.label,
    counted_weight: counted.weight,
  };
}
