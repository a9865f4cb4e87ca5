import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './index.js';

const cloneRoot = fileURLToPath(new URL('../../../', import.meta.url));

jest.setTimeout(60_000);

let temporary: string;
let home: string;
const joined: EmbeddedPostgres[] = [];

beforeAll(async () => {
  temporary = await realpath(await mkdtemp('/tmp/nba-spec-'));
  await chmod(temporary, 0o755); // as root, another user runs the server
  home = join(temporary, 'a home');
});

afterEach(() => Promise.all(joined.splice(0).map((server) => server.leave())));

afterAll(() => rm(temporary, { recursive: true, force: true }));

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, cloneRoot, fast: true, ...options });
  joined.push(server);
  return server;
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = await connect(url);
  const { rows } = await client.query<Row>(sql);
  await client.end();
  return rows;
}

const serves = (url: string): Promise<boolean> =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  );

const pidFile = (): string => join(home, 'data', 'postmaster.pid');

describe('one process', () => {
  it('gets a UTF-8 database behind a password, on the loopback interface, and stops it when it leaves', async () => {
    const { url, leave, adopted, home: where } = await start();
    expect({ adopted, where }).toEqual({ adopted: false, where: home });
    expect(url).toMatch(/^postgres:\/\/nba:[\w-]{32}@127\.0\.0\.1:\d+\/nba$/);
    const [facts] = await query(
      url,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, current_setting('timezone') as timezone,
              current_setting('shared_buffers') as buffers, current_setting('jit') as jit, upper('é') as upper`,
    );
    expect(facts).toEqual({
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      timezone: 'UTC',
      buffers: '128MB',
      jit: 'off',
      upper: 'É',
    });
    await expect(connect(url.replace(/nba:[^@]+@/, 'nba:wrong@'))).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(home, 'password'))).mode & 0o777).toBe(0o600);

    await Promise.all([leave(), leave()]);
    expect(await serves(url)).toBe(false);
  });

  it('keeps every commit on disk unless it asked for a test server', async () => {
    const settings = `select name, setting from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name`;
    const fast = await start();
    const whenFast = await query<{ setting: string }>(fast.url, settings);
    await fast.leave();
    const durable = await start({ fast: false });
    const whenDurable = await query<{ setting: string }>(durable.url, settings);
    expect(whenFast.map((row) => row.setting)).toEqual(['off', 'off', 'off']);
    expect(whenDurable.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
  });

  it('does not stop the server under somebody else who is connected', async () => {
    const first = await start();
    const somebody = await connect(first.url);
    await first.leave();
    expect((await somebody.query('select 1 as one')).rows).toEqual([{ one: 1 }]);

    const second = await start();
    expect(second.adopted).toBe(true);
    const closing = somebody.end(); // not awaited: a pool that is still closing does not keep the server
    await second.leave();
    await closing;
    expect(await serves(first.url)).toBe(false);
  });

  it('comes back after its connection was cut, so that nobody stops the server under it', async () => {
    const { url } = await start();
    const present = `select pid from pg_stat_activity where application_name = 'nba: present'`;
    const [before] = await query<{ pid: number }>(url, present);
    await query(url, `select pg_terminate_backend(${before?.pid})`);
    let after: { pid: number } | undefined;
    for (let tries = 0; !(after && after.pid !== before?.pid) && tries < 50; tries++) {
      await delay(100);
      [after] = await query<{ pid: number }>(url, present);
    }
    expect(after?.pid).toEqual(expect.any(Number));
    expect(after?.pid).not.toBe(before?.pid);
  });
});

describe('several callers', () => {
  it('share one server, which stops only when the last one leaves', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, url: first.url });
    await first.leave();
    expect(await serves(second.url)).toBe(true);
    await second.leave();
    expect(await serves(second.url)).toBe(false);
  });

  it('end with a working server when one starts while the last one leaves', async () => {
    let server = await start();
    for (let round = 0; round < 3; round++) {
      const [, next] = await Promise.all([server.leave(), start()]);
      server = next;
      expect(await serves(server.url)).toBe(true);
    }
  });

  it('are told when a home was copied while its server ran, and do not touch that server', async () => {
    const { url } = await start();
    const copy = join(temporary, 'copy');
    await mkdir(join(copy, 'data'), { recursive: true });
    await copyFile(join(home, 'password'), join(copy, 'password'));
    await copyFile(pidFile(), join(copy, 'data', 'postmaster.pid'));
    await expect(start({ home: copy })).rejects.toThrow(/was moved or copied while the server ran/);
    expect(await serves(url)).toBe(true);
  });
});

describe('after a crash', () => {
  it('starts again on the same port, with all that was committed, when the server was killed', async () => {
    const first = await start({ fast: false });
    await query(first.url, 'create table survivor as select 42 as answer');
    process.kill(Number.parseInt(await readFile(pidFile(), 'utf8'), 10), 'SIGKILL');
    // A signal takes a moment to arrive: until then the server serves, and would rightly be adopted.
    while (await serves(first.url)) await delay(20);
    const second = await start({ fast: false });
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await query(second.url, 'select answer from survivor')).toEqual([{ answer: 42 }]);
  });

  it('starts although an unrelated process now has the number of the server that is gone', async () => {
    const first = await start();
    const whileRunning = await readFile(pidFile(), 'utf8');
    await first.leave();
    await writeFile(pidFile(), whileRunning.replace(/^\d+/, String(process.pid)));
    expect(await serves((await start()).url)).toBe(true);
  });

  it('clears away what an initdb that was killed left behind', async () => {
    await mkdir(join(home, 'data.999999', 'base'), { recursive: true });
    await start();
    expect(await readdir(home)).not.toContain('data.999999');
  });

  it('says at once what the log says when the configuration is broken', async () => {
    await (await start()).leave();
    const configuration = join(home, 'data', 'postgresql.conf');
    const sound = await readFile(configuration);
    await writeFile(configuration, 'max_connections = banana');
    await expect(start()).rejects.toThrow(/did not start[^]*"max_connections": "banana"/);
    await writeFile(configuration, sound);
  });
});
