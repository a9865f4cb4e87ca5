import type { DataSource } from 'typeorm';
import { DatabaseHealth } from './database-health.js';

export class PostgresDatabaseHealth extends DatabaseHealth {
  constructor(private readonly database: DataSource) {
    super();
  }

  async answers(): Promise<void> {
    await this.database.query('select 1');
  }

  async isUpToDate(): Promise<boolean> {
    return !(await this.database.showMigrations());
  }
}
