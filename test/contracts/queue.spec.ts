import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type JobWorker,
  queueBackend,
  type QueueBackend,
  type WorkerSettings,
} from '../../src/jobs/queue-backend.queue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const built = resolve(import.meta.dirname, '../../dist/src/jobs/queue-backend.queue.js');
const PATIENCE_MILLISECONDS = 25_000;
const LONG = 60_000;

interface Job {
  text: string;
}
type Address = Parameters<typeof queueBackend>[0];

/** What every backend of the queues does. */
function contract(address: () => Address): void {
  let backend: QueueBackend;
  const workers: JobWorker[] = [];
  let serial = 0;
  const name = (): string => `queue-${process.pid}-${(serial += 1)}`;

  beforeAll(() => {
    backend = queueBackend(address());
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
  });
  afterAll(() => backend.close());

  const work = async (queue: string, settings: Partial<WorkerSettings<Job>>): Promise<JobWorker> => {
    const defaults = {
      concurrency: 2,
      work: async () => undefined,
      gaveUp: () => undefined,
      troubled: () => undefined,
    };
    const worker = await backend.worker<Job>(queue, { ...defaults, ...settings });
    workers.push(worker);
    return worker;
  };

  it('does every job once', async () => {
    const queue = backend.queue<Job>(name());
    const done: string[] = [];
    const jobs = Array.from({ length: 50 }, (_, index) => ({
      id: `job-${index}`,
      data: { text: String(index) },
    }));
    await queue.add(jobs);
    await work(`queue-${process.pid}-${serial}`, { work: async ({ text }) => void done.push(text) });
    await until(() => done.length >= jobs.length);
    await delay(200);
    expect([...done].sort((a, b) => Number(a) - Number(b))).toEqual(jobs.map(({ data }) => data.text));
    await queue.close();
  });

  it('does not add a job whose id waits already, and adds it again when it is done', async () => {
    const on = name();
    const queue = backend.queue<Job>(on);
    const done: string[] = [];
    await queue.add([{ id: 'same', data: { text: 'first' } }]);
    await queue.add([{ id: 'same', data: { text: 'second' } }]);
    await work(on, { work: async ({ text }) => void done.push(text) });
    await until(() => done.length > 0);
    await delay(300);
    expect(done).toEqual(['first']);
    await queue.add([{ id: 'same', data: { text: 'third' } }]);
    await until(() => done.length > 1);
    expect(done).toEqual(['first', 'third']);
    await queue.close();
  });

  it(
    'tries a failed job again, and says so when it gives up',
    async () => {
      const on = name();
      const queue = backend.queue<Job>(on);
      const tried: Record<string, number> = {};
      const gaveUp: string[] = [];
      await queue.add(['once', 'always'].map((text) => ({ id: text, data: { text } })));
      await work(on, {
        work: async ({ text }) => {
          tried[text] = (tried[text] ?? 0) + 1;
          if (text === 'always' || tried[text] === 1) throw new Error(`${text} fails`);
        },
        gaveUp: ({ text }, cause) => void gaveUp.push(`${text}: ${cause.message}`),
      });
      await until(() => gaveUp.length > 0);
      expect(gaveUp).toEqual(['always: always fails']);
      expect(tried).toEqual({ once: 2, always: 5 });
      await queue.close();
    },
    LONG,
  );

  it(
    'gives the job of a killed worker to another, within seconds',
    async () => {
      if (!existsSync(built)) throw new Error('There is no build: npm run ready');
      const on = name();
      const queue = backend.queue<Job>(on);
      await queue.add([{ id: 'long', data: { text: 'long' } }]);
      const program = `
      const { queueBackend } = await import(${JSON.stringify(built)});
      const never = () => new Promise(() => undefined);
      const work = () => (console.log('taken'), never());
      await queueBackend(${JSON.stringify(address())}).worker(${JSON.stringify(on)}, { concurrency: 1, work, gaveUp: never, troubled: never });
      setInterval(() => undefined, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        env: { ...process.env, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(createInterface({ input: child.stdout }), 'line');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const killedAt = Date.now();
      const done: string[] = [];
      await work(on, { work: async ({ text }) => void done.push(text) });
      await until(() => done.length > 0);
      expect(done).toEqual(['long']);
      expect(Date.now() - killedAt).toBeLessThan(15_000);
      await queue.close();
    },
    LONG,
  );

  it('waits for the job under way when a worker closes', async () => {
    const on = name();
    const queue = backend.queue<Job>(on);
    let ended = false;
    let begun = false;
    await queue.add([{ id: 'slow', data: { text: 'slow' } }]);
    const worker = await work(on, {
      work: async () => {
        begun = true;
        await delay(400);
        ended = true;
      },
    });
    await until(() => begun);
    await worker.close();
    expect(ended).toBe(true);
    await queue.close();
  });
}

async function until(done: () => boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; !done(); await delay(20))
    if (Date.now() > deadline) throw new Error('it took too long');
}

describe('queues on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  contract(() => ({ databaseUrl: database.url, redisUrl: null, firstRetryMilliseconds: 20 }));
  afterAll(() => database.close());

  it('opens no connection before there is a job or a worker', async () => {
    const connections = () =>
      database.database.query(
        `select from pg_stat_activity where application_name = 'nba-jobs' and datname = current_database()`,
      );
    const idle = queueBackend({ databaseUrl: database.url, redisUrl: null });
    const before = (await connections()).length;
    const queue = idle.queue<Job>('idle');
    expect((await connections()).length).toBe(before);
    await queue.add([{ id: 'one', data: { text: 'one' } }]);
    expect((await connections()).length).toBeGreaterThan(before);
    await queue.close();
    await idle.close();
  });

  it('tries again to connect after a failure', async () => {
    const address = new URL(database.url);
    address.pathname = '/not_there_yet';
    const backend = queueBackend({ databaseUrl: address.href, redisUrl: null });
    const queue = backend.queue<Job>('later');
    const job = [{ id: 'one', data: { text: 'one' } }];
    await expect(queue.add(job)).rejects.toThrow('not_there_yet');
    await database.database.query('create database not_there_yet');
    await queue.add(job);
    await queue.close();
    await backend.close();
    await database.database.query('drop database not_there_yet with (force)');
  });
});

const redis: TestRedis | null = await startTestRedis();
const onRedis = redis ? describe : describe.skip;
if (!redis)
  process.stderr.write('No redis-server in PATH: the contract of the queues is not tried on Redis.\n');

onRedis('queues on Redis', () => {
  contract(() => ({ databaseUrl: '', redisUrl: redis?.url ?? '', firstRetryMilliseconds: 20 }));
  afterAll(async () => {
    await redis?.close();
  });
});
