import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger of consent is append-only but for one thing: a person who is erased, within that transaction. */
export class Erasure1700000000098 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(refuseUnless(`tg_op = 'DELETE' and current_setting('nba.erasing', true) = 'on'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(refuseUnless('false'));
  }
}

function refuseUnless(condition: string): string {
  return `
    create or replace function refuse_consent_change() returns trigger language plpgsql as $$
    begin
      if ${condition} then
        return old;
      end if;
      raise exception 'consent_facts is append-only: record a new fact instead';
    end $$`;
}
