import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { copyRows, managerOf, PostgresTransactions, prepared } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const SUM = { name: 'test-sum', text: 'select $1::int + $2::int as sum' };
const SHARE = { name: 'test-share', text: 'select (1 / $1::int) as share, pg_backend_pid() as process' };
const PLAN = {
  name: 'test-plan',
  text: `select current_setting('plan_cache_mode') as plan, $1::int as given, pg_backend_pid() as process`,
  onePlan: true,
};
const MODE = {
  name: 'test-mode',
  text: `select current_setting('plan_cache_mode') as plan, pg_backend_pid() as process`,
};

let opened: TestDatabase;
const processOf = (rows: readonly { process?: number }[]) => rows[0]?.process;

beforeAll(async () => {
  opened = await createTestDatabase();
});
afterAll(() => opened.close());

describe('prepared statements outside of a transaction', () => {
  it('share a connection when they are asked for at the same moment, each with its own answer', async () => {
    const { database } = opened;
    const [one, other] = await Promise.all([
      prepared<{ share: number; process: number }>(database, SHARE, [1]),
      prepared<{ share: number; process: number }>(database, SHARE, [-1]),
    ]);
    expect([one[0]?.share, other[0]?.share]).toEqual([1, -1]);
    expect(processOf(one)).toBe(processOf(other));
  });

  it('fail each for itself', async () => {
    const { database } = opened;
    const [failed, answered, last] = await Promise.allSettled([
      prepared(database, SHARE, [0]),
      prepared(database, SUM, [2, 3]),
      prepared(database, { name: 'test-wrong', text: 'select nothing_like_this' }, []),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    expect(answered).toEqual({ status: 'fulfilled', value: [{ sum: 5 }] });
    expect(last).toMatchObject({ status: 'rejected', reason: { code: '42703' } });
    expect(await prepared(database, SUM, [1, 1])).toEqual([{ sum: 2 }]);
  });

  it('have one plan where they ask for it, and leave the connection as it was', async () => {
    const { database } = opened;
    const [planned, beside] = await Promise.all([
      prepared<{ plan: string; process: number }>(database, PLAN, [1]),
      prepared<{ plan: string; process: number }>(database, MODE, []),
    ]);
    expect(planned[0]?.plan).toBe('force_generic_plan');
    expect(beside[0]).toEqual({ plan: 'auto', process: processOf(planned) });
  });

  it('are all refused when the connection is lost, and the next ones are answered over another', async () => {
    const { database } = opened;
    const asked = [
      prepared(database, { name: 'test-end', text: 'select pg_terminate_backend(pg_backend_pid())' }, []),
      prepared(database, SUM, [2, 3]),
    ];
    const settled = await Promise.allSettled(asked);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await prepared(database, SUM, [4, 5])).toEqual([{ sum: 9 }]);
  });
});

describe('prepared statements of a transaction', () => {
  const rowsOf = (manager: EntityManager) => manager.query<unknown[]>('select * from kept order by name');

  it('go out one after the other without waiting, beside rows that are copied', async () => {
    const kept = await opened.database.transaction(async (manager) => {
      await manager.query('create temporary table kept (name text) on commit drop');
      const insert = { name: 'test-keep', text: 'insert into kept values ($1)' };
      await Promise.all(['b', 'a'].map((name) => prepared(manager, insert, [name])));
      await copyRows(manager, 'kept', { name: 'text' }, [['d'], ['c']]);
      await Promise.all(['f', 'e'].map((name) => prepared(manager, insert, [name])));
      return rowsOf(manager);
    });
    expect(kept).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name })));
  });

  it('leave nothing behind when one of them fails while others are under way', async () => {
    const { database } = opened;
    await database.query('create table kept_for_good (name text primary key)');
    const insert = { name: 'test-keep-for-good', text: 'insert into kept_for_good values ($1)' };
    const failed = database.transaction(async (manager) => {
      await Promise.all(['a', 'a', 'b'].map((name) => prepared(manager, insert, [name])));
    });
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await database.query('select * from kept_for_good')).toEqual([]);
  });
});

describe('transactions', () => {
  const insert = { name: 'test-note', text: 'insert into notes values ($1)' };
  let transactions: PostgresTransactions;
  const notes = () => opened.database.query<{ name: string }[]>('select name from notes order by name');

  beforeAll(async () => {
    transactions = new PostgresTransactions(opened.database);
    await opened.database.query('create table notes (name text primary key)');
  });

  it('keep everything or nothing, and tell of the first failure', async () => {
    const given = await transactions.run(async (within) => {
      await prepared(managerOf(within), insert, ['a']);
      await managerOf(within).query('insert into notes values ($1)', ['b']);
      return 'done';
    });
    expect(given).toBe('done');
    const failing = transactions.run(async (within) => {
      await prepared(managerOf(within), insert, ['c']);
      await Promise.all(['d', 'a', 'e'].map((name) => prepared(managerOf(within), insert, [name])));
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    const thrown = transactions.run(async (within) => {
      await prepared(managerOf(within), insert, ['c']);
      throw new RangeError('of the work itself');
    });
    await expect(thrown).rejects.toThrow('of the work itself');
    expect(await notes()).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('do not nest', async () => {
    const nested = transactions.run((within) => managerOf(within).transaction(() => Promise.resolve(1)));
    await expect(nested).rejects.toThrow('do not nest');
  });

  it('keep nothing when the connection is lost, and the next one is made over another', async () => {
    const lost = transactions.run(async (within) => {
      await prepared(managerOf(within), insert, ['f']);
      await managerOf(within).query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(lost).rejects.toThrow();
    await transactions.run((within) => prepared(managerOf(within), insert, ['g']));
    expect(await notes()).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'g' }]);
  });

  it('are tried again after a deadlock', async () => {
    let tries = 0;
    let both: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((done) => (both = done));
    const change = (first: string, second: string) =>
      transactions.run(async (within) => {
        const lock = (name: string) =>
          managerOf(within).query('select * from notes where name = $1 for update', [name]);
        await lock(first);
        tries += 1;
        if (tries === 2) both();
        await bothHoldOne;
        await lock(second);
      });
    await Promise.all([change('a', 'b'), change('b', 'a')]);
    expect(tries).toBe(3);
  });
});
