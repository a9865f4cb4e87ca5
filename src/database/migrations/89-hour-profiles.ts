import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The usual hours of the week: of all (no segment) and of each segment. */
export class HourProfiles1700000000089 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table hour_profiles (
        segment text unique nulls not distinct,
        prior double precision not null,
        shares double precision[] not null
      )`);
    await runner.query(`insert into versions values ('hours', 1) on conflict do nothing`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from versions where name = 'hours'`);
    await runner.query('drop table hour_profiles');
  }
}
