import type { DataSource } from 'typeorm';
import { managerOf, raiseVersion, readVersion } from '../../database/index.js';
import { type IncrementalHead, IncrementalValue } from '../../recommender/index.js';
import { digest, type Transaction } from '../../shared/index.js';
import { type IncrementalEntry, IncrementalStore } from './incremental-store.js';
import { type IncrementalArtefact, LearnedIncrementalHead } from './learned-head.js';
import type { IncrementalCard } from './learn-incremental.js';

interface Row {
  version: string;
  created_at: Date;
  card: IncrementalCard;
  serving: boolean;
  switched_at: Date | null;
  reason: string | null;
  unproven: boolean;
}

const VERSION_DIGITS = 16;

export class PostgresIncrementalStore extends IncrementalStore {
  constructor(private readonly database: DataSource) {
    super();
  }

  async add(artefact: IncrementalArtefact, card: IncrementalCard, createdAt: Date): Promise<string> {
    const version = digest(artefact).slice(0, VERSION_DIGITS);
    await this.database.query(
      `insert into incremental_heads (version, created_at, artefact, card) values ($1, $2, $3::jsonb, $4::jsonb)
       on conflict (version) do nothing`,
      [version, createdAt, JSON.stringify(artefact), JSON.stringify(card)],
    );
    return version;
  }

  async list(within?: Transaction): Promise<IncrementalEntry[]> {
    const rows = await (within ? managerOf(within) : this.database).query<Row[]>(
      `select version, created_at, card, serving, switched_at, reason, unproven from incremental_heads
        order by created_at desc, version`,
    );
    return rows.map(({ version, created_at, card, serving, switched_at, reason, unproven }) => ({
      version,
      createdAt: created_at,
      card,
      serving,
      switchedAt: switched_at,
      reason,
      unproven,
    }));
  }

  async artefact(version: string): Promise<IncrementalArtefact | null> {
    const [row] = await this.database.query<{ artefact: IncrementalArtefact }[]>(
      'select artefact from incremental_heads where version = $1',
      [version],
    );
    return row?.artefact ?? null;
  }

  async serve(
    version: string | null,
    { at, reason, unproven }: { at: Date; reason: string | null; unproven: boolean },
    within: Transaction,
  ): Promise<void> {
    const manager = managerOf(within);
    await manager.query('update incremental_heads set serving = false where serving');
    if (version !== null)
      await manager.query(
        `update incremental_heads set serving = true, switched_at = $2, reason = $3, unproven = $4 where version = $1`,
        [version, at, reason, unproven],
      );
    await raiseVersion(manager, 'incremental');
  }
}

/** The head that serves: read again when it was switched. */
export class StoredIncrementalValue extends IncrementalValue {
  private kept: { at: number; head: IncrementalHead | null } | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly store: IncrementalStore,
  ) {
    super();
  }

  async current(): Promise<IncrementalHead | null> {
    const at = await readVersion(this.database, 'incremental');
    if (this.kept?.at === at) return this.kept.head;
    const serving = (await this.store.list()).find((entry) => entry.serving);
    const artefact = serving && (await this.store.artefact(serving.version));
    const head = serving && artefact ? new LearnedIncrementalHead(artefact, serving.version) : null;
    this.kept = { at, head };
    return head;
  }
}
