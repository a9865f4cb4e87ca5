import type { DataSource } from 'typeorm';
import { raiseVersion } from '../../database/index.js';
import { HourProfiles } from './hour-profiles.js';
import type { WeekProfiles } from './week-profiles.js';

interface Row {
  /** Null: of all. */
  segment: string | null;
  prior: number;
  shares: number[];
}

export class PostgresHourProfiles extends HourProfiles {
  constructor(private readonly database: DataSource) {
    super();
  }

  async current(): Promise<WeekProfiles | null> {
    const rows = await this.database.query<Row[]>('select segment, prior, shares from hour_profiles');
    const all = rows.find(({ segment }) => segment === null);
    if (!all) return null;
    const bySegment = new Map(
      rows.flatMap(({ segment, shares }) =>
        segment === null ? [] : [[segment, Float64Array.from(shares)] as const],
      ),
    );
    return { all: Float64Array.from(all.shares), bySegment, prior: all.prior };
  }

  async save({ all, bySegment, prior }: WeekProfiles): Promise<void> {
    const rows: [string | null, Float64Array][] = [[null, all], ...bySegment];
    await this.database.transaction(async (manager) => {
      await manager.query('delete from hour_profiles');
      for (const [segment, shares] of rows)
        await manager.query('insert into hour_profiles (segment, prior, shares) values ($1, $2, $3)', [
          segment,
          prior,
          [...shares],
        ]);
      await raiseVersion(manager, 'hours');
    });
  }
}
