import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { PostgresTransactions } from '../../src/database/transactions.postgres.js';
import type { StreamBell, StreamRinger } from '../../src/delivery/stream/stream-bell.js';
import { PostgresStreamBell, PostgresStreamRinger } from '../../src/delivery/stream/stream-bell.postgres.js';
import { RedisStreamBell, RedisStreamRinger } from '../../src/delivery/stream/stream-bell.redis.js';
import type { Transaction } from '../../src/shared/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { eventually } from '../support/server-sent-events.js';

/** Bells look by themselves after 5 seconds: whatever rings within this time was rung. */
const SOON_MILLISECONDS = 3000;

interface Surroundings {
  bell: () => StreamBell;
  ringer: () => StreamRinger;
  /** Breaks every connection on which a bell listens. */
  breakConnections: () => Promise<void>;
}

let base: TestDatabase;
let transactions: PostgresTransactions;
beforeAll(async () => {
  base = await createTestDatabase();
  transactions = new PostgresTransactions(base.database);
});
afterAll(() => base?.close());

/** What every bell does, wherever it hangs. */
function contract({ bell, ringer, breakConnections }: Surroundings): void {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  /** One process that listens, and how often it rang. */
  async function listening(): Promise<{ rings: number }> {
    const heard = { rings: 0 };
    const own = bell();
    open.push({ close: () => own.stop() });
    await own.start(() => (heard.rings += 1));
    await eventually(() => expect(heard.rings).toBeGreaterThan(0));
    heard.rings = 0;
    return heard;
  }
  function ringing(): StreamRinger {
    const own = ringer();
    open.push(own);
    return own;
  }
  async function publish(
    own: StreamRinger,
    work: (within: Transaction) => Promise<void> = async () => undefined,
  ) {
    await transactions.run(async (within) => {
      await own.published(within);
      await work(within);
    });
    own.committed();
  }
  async function soon(check: () => void): Promise<void> {
    const begun = performance.now();
    await eventually(check);
    expect(performance.now() - begun).toBeLessThan(SOON_MILLISECONDS);
  }

  it('rings in every process that listens, whoever published', async () => {
    const [one, other] = [await listening(), await listening()];
    await publish(ringing());
    await soon(() => expect(one.rings).toBe(1));
    await soon(() => expect(other.rings).toBe(1));
    await publish(ringing());
    await soon(() => expect(one.rings).toBe(2));
  });

  it('does not ring before what it tells of can be read', async () => {
    const heard = await listening();
    let early = 0;
    await publish(ringing(), async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      early = heard.rings;
    });
    await soon(() => expect(heard.rings).toBe(1));
    expect(early).toBe(0);
  });

  it('does not ring for what was rolled back', async () => {
    const heard = await listening();
    const own = ringing();
    const failed = publish(own, async () => {
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await publish(own);
    await soon(() => expect(heard.rings).toBe(1));
  });

  it('rings when its connection was lost and is there again, for what it may have missed', async () => {
    const heard = await listening();
    await breakConnections();
    await soon(() => expect(heard.rings).toBeGreaterThan(0));
    heard.rings = 0;
    await publish(ringing());
    await soon(() => expect(heard.rings).toBeGreaterThan(0));
  });

  it('rings now and then without being rung, and no more when it is stopped', async () => {
    const heard = await listening();
    await eventually(() => expect(heard.rings).toBe(1));
    await Promise.all(open.splice(0).map((one) => one.close()));
    heard.rings = 0;
    await publish(ringing());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.rings).toBe(0);
  }, 20_000);
}

const silent = (): void => undefined;

describe('the bell of the stream on PostgreSQL', () => {
  contract({
    bell: () => new PostgresStreamBell(base.url, silent),
    ringer: () => new PostgresStreamRinger(),
    breakConnections: async () => {
      await base.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'nba-listen' and datname = current_database()`,
      );
    },
  });
});

const redis: TestRedis | null = await startTestRedis();
const onRedis = redis ? describe : describe.skip;
if (!redis) process.stderr.write('No redis-server in PATH: the bell of the stream is not tried on Redis.\n');

onRedis('the bell of the stream on Redis', () => {
  const url = redis?.url ?? '';
  contract({
    bell: () => new RedisStreamBell(url, silent),
    ringer: () => new RedisStreamRinger(url, silent),
    breakConnections: async () => {
      const client = new Redis(url);
      await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      client.disconnect();
    },
  });

  it('opens though Redis is away, and goes on trying', async () => {
    const causes: unknown[] = [];
    const bell = new RedisStreamBell('redis://127.0.0.1:1', (cause) => causes.push(cause));
    await bell.start(silent);
    await bell.stop();
    expect(causes.length).toBeGreaterThan(0);
    const ringer = new RedisStreamRinger('redis://127.0.0.1:1', (cause) => causes.push(cause));
    const before = causes.length;
    ringer.committed();
    await eventually(() => expect(causes.length).toBeGreaterThan(before));
    await ringer.close();
  });

  afterAll(async () => {
    await redis?.close();
  });
});
