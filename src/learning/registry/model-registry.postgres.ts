import type { DataSource } from 'typeorm';
import { managerOf, raiseVersion } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { type PackedArtefact, versionOf } from '../training/artefact.js';
import type { ModelCard } from '../training/card.js';
import {
  type Crowning,
  type ModelEntry,
  ModelRegistry,
  type ModelState,
  type NewModel,
} from './model-registry.js';

interface Row {
  version: string;
  name: string;
  created_at: Date;
  card: ModelCard;
  state: ModelState;
  promoted_at: Date | null;
  reason: string | null;
  unproven: boolean;
  predecessor: string | null;
  shadow_since: Date | null;
}

const COLUMNS = `version, name, created_at, card, state, promoted_at, reason, unproven, predecessor,
  (select s.started_at from model_shadows s where s.version = models.version and s.ended_at is null) as shadow_since`;

const read = (row: Row): ModelEntry => ({
  version: row.version,
  name: row.name,
  createdAt: row.created_at,
  card: row.card,
  state: row.state,
  promotedAt: row.promoted_at,
  reason: row.reason,
  unproven: row.unproven,
  predecessor: row.predecessor,
  shadowSince: row.shadow_since,
});

/** Two promotions at once wait for each other on this lock; any constant. */
const CROWN_LOCK = 7_263_542;

export class PostgresModelRegistry extends ModelRegistry {
  constructor(private readonly database: DataSource) {
    super();
  }

  async add({ packed, card, createdAt }: NewModel): Promise<string> {
    const version = versionOf(packed);
    await this.database.query(
      `insert into models (version, name, created_at, description, weights, card, state)
       values ($1, $2, $3, $4, $5, $6::jsonb, 'candidate')
       on conflict (version) do nothing`,
      [version, card.name, createdAt, packed.model, packed.weights, JSON.stringify(card)],
    );
    return version;
  }

  async find(version: string, within?: Transaction): Promise<ModelEntry | null> {
    const [row] = await this.over(within).query<Row[]>(`select ${COLUMNS} from models where version = $1`, [
      version,
    ]);
    return row ? read(row) : null;
  }

  async champion(within?: Transaction): Promise<ModelEntry | null> {
    if (within) await managerOf(within).query('select pg_advisory_xact_lock($1)', [CROWN_LOCK]);
    const [row] = await this.over(within).query<Row[]>(
      `select ${COLUMNS} from models where state = 'champion'`,
    );
    return row ? read(row) : null;
  }

  async page(limit: number, after?: { createdAt: Date; version: string }): Promise<ModelEntry[]> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from models
        where $2::timestamptz is null or created_at < $2 or (created_at = $2 and version > $3)
        order by created_at desc, version limit $1`,
      [limit, after?.createdAt ?? null, after?.version ?? null],
    );
    return rows.map(read);
  }

  async artefact(version: string): Promise<PackedArtefact | null> {
    const [row] = await this.database.query<{ description: string; weights: Buffer }[]>(
      'select description, weights from models where version = $1',
      [version],
    );
    return row ? { model: row.description, weights: row.weights } : null;
  }

  async crown(version: string | null, crowning: Crowning, within: Transaction): Promise<void> {
    const manager = managerOf(within);
    await manager.query(
      `update models set state = 'retired' where state = 'champion' and version is distinct from $1`,
      [version],
    );
    if (version !== null) {
      await manager.query(
        `update models set state = 'champion', promoted_at = $2, reason = $3, unproven = $4, predecessor = $5
          where version = $1`,
        [version, crowning.at, crowning.reason, crowning.unproven, crowning.predecessor],
      );
    }
    await raiseVersion(manager, 'models');
  }

  private over(within?: Transaction) {
    return within ? managerOf(within) : this.database;
  }
}
