import type { DataSource } from 'typeorm';
import { managerOf, raiseVersion } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { type ChangedEvidence, HeadStore, type StoredEvidence } from './head-store.js';
import type { ArmEvidence } from './evidence-ledger.js';
import type { Delays } from './open-windows.js';

/** Any constant: one learner at a time. */
const LEARNER_LOCK = 7_263_577;

interface HeadRow {
  version: string;
  as_of: Date;
  posterior: Buffer;
}

interface EvidenceRow {
  action_id: string;
  channel_id: string;
  outcome_id: string;
  weight: number;
  positives: number;
  as_of: Date;
}

export class PostgresHeadStore extends HeadStore {
  constructor(
    private readonly database: DataSource,
    /** What is left of evidence after some milliseconds. */
    private readonly left: (milliseconds: number) => number,
  ) {
    super();
  }

  async claim(within: Transaction): Promise<boolean> {
    const [row] = await managerOf(within).query<{ claimed: boolean }[]>(
      'select pg_try_advisory_xact_lock($1) as claimed',
      [LEARNER_LOCK],
    );
    return row?.claimed ?? false;
  }

  async version(model: string, within?: Transaction): Promise<string | null> {
    const over = within ? managerOf(within) : this.database;
    const [row] = await over.query<HeadRow[]>('select version from heads where model = $1', [model]);
    return row?.version ?? null;
  }

  async evidence(model: string, within: Transaction): Promise<StoredEvidence> {
    const manager = managerOf(within);
    const [head] = await manager.query<HeadRow[]>(
      'select version, as_of, posterior from heads where model = $1',
      [model],
    );
    const rows = await manager.query<EvidenceRow[]>(
      'select * from head_evidence where model = $1 order by action_id, channel_id',
      [model],
    );
    const delays = await manager.query<{ outcome_id: string; counts: number[] }[]>(
      'select outcome_id, counts from outcome_delays',
    );
    return {
      version: head?.version ?? null,
      asOf: head?.as_of ?? new Date(0),
      arms: head ? rows.map((row) => this.armOf(row, head.as_of)) : [],
      head: head?.posterior ?? null,
      delays: new Map(delays.map(({ outcome_id, counts }): [string, Delays] => [outcome_id, counts])),
    };
  }

  /** A row that was not written lately is brought to the moment of the head. */
  private armOf(row: EvidenceRow, asOf: Date): ArmEvidence {
    const factor = this.left(asOf.getTime() - row.as_of.getTime());
    return {
      actionId: row.action_id,
      channelId: row.channel_id,
      outcomeId: row.outcome_id,
      weight: row.weight * factor,
      positives: row.positives * factor,
    };
  }

  async save(
    model: string,
    { asOf, arms, head, delays }: ChangedEvidence,
    within: Transaction,
  ): Promise<string> {
    const manager = managerOf(within);
    await manager.query('delete from head_evidence where model <> $1', [model]);
    await manager.query('delete from heads where model <> $1', [model]);
    await manager.query(PUT_EVIDENCE, [
      model,
      asOf,
      arms.map(({ actionId }) => actionId),
      arms.map(({ channelId }) => channelId),
      arms.map(({ outcomeId }) => outcomeId),
      arms.map(({ weight }) => weight),
      arms.map(({ positives }) => positives),
    ]);
    for (const [outcomeId, counts] of delays) await manager.query(PUT_DELAYS, [outcomeId, counts]);
    const [row] = await manager.query<HeadRow[]>(PUT_HEAD, [model, asOf, head]);
    await raiseVersion(manager, 'head');
    if (!row) throw new Error('A head that was written has a version');
    return row.version;
  }

  async head(model: string): Promise<{ version: string; bytes: Buffer } | null> {
    const [row] = await this.database.query<HeadRow[]>(
      'select version, as_of, posterior from heads where model = $1',
      [model],
    );
    return row ? { version: row.version, bytes: row.posterior } : null;
  }
}

const PUT_EVIDENCE = `
  insert into head_evidence (model, action_id, channel_id, outcome_id, weight, positives, as_of)
  select $1, action_id, channel_id, outcome_id, weight, positives, $2::timestamptz
    from unnest($3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[])
      as e(action_id, channel_id, outcome_id, weight, positives)
  on conflict (model, action_id, channel_id) do update set
    outcome_id = excluded.outcome_id, weight = excluded.weight, positives = excluded.positives,
    as_of = excluded.as_of`;

const PUT_DELAYS = `
  insert into outcome_delays values ($1, $2) on conflict (outcome_id) do update set counts = excluded.counts`;

const PUT_HEAD = `
  insert into heads (model, version, as_of, posterior) values ($1, nextval('head_versions'), $2, $3)
  on conflict (model) do update set
    version = excluded.version, as_of = excluded.as_of, posterior = excluded.posterior
  returning version`;
