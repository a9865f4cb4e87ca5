import type { DataSource } from 'typeorm';
import { managerOf, raiseVersion } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { type Shadow, ShadowBook, type ShadowEnding } from './shadow-book.js';

interface Row {
  version: string;
  name: string;
  started_at: Date;
  started_by: string;
  ended_at: Date | null;
  ended_because: ShadowEnding | null;
  errors: string;
  skipped: string;
}

const COLUMNS = 'version, name, started_at, started_by, ended_at, ended_because, errors, skipped';

const read = (row: Row): Shadow => ({
  version: row.version,
  name: row.name,
  startedAt: row.started_at,
  startedBy: row.started_by,
  endedAt: row.ended_at,
  endedBecause: row.ended_because,
  errors: Number(row.errors),
  skipped: Number(row.skipped),
});

export class PostgresShadowBook extends ShadowBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async running(within?: Transaction): Promise<Shadow[]> {
    const over = within ? managerOf(within) : this.database;
    const rows = await over.query<Row[]>(
      `select ${COLUMNS} from model_shadows where ended_at is null order by name`,
    );
    return rows.map(read);
  }

  async latest(version: string): Promise<Shadow | null> {
    const [row] = await this.database.query<Row[]>(
      `select ${COLUMNS} from model_shadows where version = $1 order by shadow_id desc limit 1`,
      [version],
    );
    return row ? read(row) : null;
  }

  async start(
    { version, name, startedAt, startedBy }: Pick<Shadow, 'version' | 'name' | 'startedAt' | 'startedBy'>,
    within: Transaction,
  ): Promise<Shadow> {
    const manager = managerOf(within);
    const [row] = await manager.query<Row[]>(
      `insert into model_shadows (version, name, started_at, started_by) values ($1, $2, $3, $4)
       returning ${COLUMNS}`,
      [version, name, startedAt, startedBy],
    );
    if (!row) throw new Error(`The shadow of model ${version} was not written`);
    await raiseVersion(manager, 'shadow');
    return read(row);
  }

  async end(version: string, because: ShadowEnding, at: Date, within: Transaction): Promise<boolean> {
    const manager = managerOf(within);
    const [, ended] = await manager.query<[unknown[], number]>(
      `update model_shadows set ended_at = $2, ended_because = $3 where version = $1 and ended_at is null`,
      [version, at, because],
    );
    if (ended === 0) return false;
    await raiseVersion(manager, 'shadow');
    return true;
  }

  async count(version: string, { errors, skipped }: Pick<Shadow, 'errors' | 'skipped'>): Promise<void> {
    await this.database.query(
      `update model_shadows set errors = errors + $2, skipped = skipped + $3
        where shadow_id = (select max(shadow_id) from model_shadows where version = $1)`,
      [version, errors, skipped],
    );
  }
}
