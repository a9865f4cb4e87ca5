import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { nba } from '../support/command-line.js';

const root = resolve(import.meta.dirname, '../..');
const CLIENTS = 8;
const BATCH = 20;
const KILLS = 2;

let folder: string;
let home: string;
let service: ChildProcess | undefined;
let url = '';

/** The built service, on its own embedded database with every commit on disk. */
async function start(): Promise<void> {
  const own = { DATABASE_URL: '', NBA_HOME: home, NBA_PORT: '0', NBA_LOG_LEVEL: 'error', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [join(root, 'dist/src/main.js')], {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  service = child;
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const listening = /next best action: (http:\S+)/.exec(line)?.[1];
    if (!listening) continue;
    url = listening;
    child.stderr.resume();
    return;
  }
  throw new Error(`The service did not start:\n${said.join('\n')}`);
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const child = service;
  service = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function makeKey(): Promise<string> {
  const made = await nba(['keys', 'create', '--scopes', 'ingest,read', '--source', 'fault', '--json'], {
    DATABASE_URL: '',
    NBA_HOME: home,
    NBA_LOG_LEVEL: 'error',
  });
  expect(made).toMatchObject({ code: 0 });
  return (JSON.parse(made.stdout) as { key: string }).key;
}

/** Batches by number; the events of a batch are the same whenever it is made. */
const batchOf = (number: number): object[] =>
  Array.from({ length: BATCH }, (_, index) => ({
    messageId: `batch-${number}-${index}`,
    name: 'Email Sent',
    contactId: `person-${(number * 7 + index * 13) % 40}`,
    occurredAt: new Date(Date.now() - 60_000).toISOString(),
    properties: { channel: 'email' },
  }));

async function send(number: number, key: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events: batchOf(number) }),
    });
    return answer.status === 200;
  } catch (cause) {
    if ((cause as Error).name === 'TypeError') return false; // the connection was cut
    throw cause;
  }
}

beforeAll(async () => {
  folder = await mkdtemp('/var/tmp/nba-fault-');
  await chmod(folder, 0o755); // as root, another user runs the server
  home = join(folder, 'home');
  await start();
}, 120_000);

afterAll(async () => {
  await stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('kill -9 in the middle of ingestion', () => {
  it('loses nothing that was answered, and a client that sends again doubles nothing', async () => {
    const key = await makeKey();
    const run = { next: 0, killed: false };
    const answered = new Set<number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = run.next + 5 * CLIENTS;
      run.killed = false;
      const clients = Array.from({ length: CLIENTS }, async () => {
        while (!run.killed) {
          const number = run.next;
          run.next += 1;
          if (await send(number, key)) answered.add(number);
        }
      });
      while (run.next < enough) await delay(5);
      await stop('SIGKILL');
      run.killed = true;
      await Promise.all(clients);
      await start();
    }
    const unanswered = Array.from({ length: run.next }, (_, number) => number).filter(
      (number) => !answered.has(number),
    );
    expect(answered.size).toBeGreaterThan(KILLS * CLIENTS);
    expect(unanswered.length).toBeGreaterThan(0);
    expect(await missing([...answered])).toEqual([]);

    for (const number of [...unanswered, ...[...answered].slice(-2 * CLIENTS)])
      expect(await send(number, key)).toBe(true);
    expect(await counts()).toEqual({
      events: run.next * BATCH,
      touches: run.next * BATCH,
      ledger: run.next * BATCH,
    });
    expect(await touchesFolded(key)).toBe(run.next * BATCH);
  }, 120_000);
});

async function over<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: await databaseUrl() });
  await client.connect();
  const { rows } = await client.query<Row>(sql, parameters);
  await client.end();
  return rows;
}

async function databaseUrl(): Promise<string> {
  const server = await startEmbeddedPostgres({ home, cloneRoot: root });
  await server.leave();
  return server.url;
}

async function missing(numbers: readonly number[]): Promise<string[]> {
  const rows = await over<{ id: string }>(
    `select 'batch-' || number || '-' || place as id
       from unnest($1::int[]) as number, generate_series(0, $2::int - 1) as place
      where not exists (select from events where message_id = 'batch-' || number || '-' || place)`,
    [numbers, BATCH],
  );
  return rows.map(({ id }) => id);
}

async function counts(): Promise<Record<string, number>> {
  const [row] = await over<Record<string, number>>(
    `select (select count(*)::int from events) as events, (select count(*)::int from touches) as touches,
            (select count(*)::int from event_ledger) as ledger`,
  );
  return row ?? {};
}

/** Sum over all people of the touches that their features count. */
async function touchesFolded(key: string): Promise<number> {
  let sum = 0;
  for (let person = 0; person < 40; person += 1) {
    const answer = await fetch(`${url}/api/v1/accounts/person-${person}/features`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const { items } = (await answer.json()) as { items: { name: string; value: number }[] };
    sum += items.find(({ name }) => name === 'touches')?.value ?? 0;
  }
  return sum;
}
