import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { CallCounter, OwnCallCounter } from '../../src/api/events/call-counter.js';
import { RedisCallCounter } from '../../src/api/events/call-counter.redis.js';
import { type ClosableLimiter, createRateLimiter } from '../../src/api/http/rate-limiter.redis.js';
import { SystemClock } from '../../src/shared/index.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const redis: TestRedis | null = await startTestRedis();
const onRedis = redis ? describe : describe.skip;
if (!redis) process.stderr.write('No redis-server in PATH: shared limits are not tried.\n');
afterAll(async () => {
  await redis?.close();
});

let keys = 0;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
const opened = <One extends { close(): Promise<void> }>(one: One): One => {
  open.push(one);
  return one;
};

/** What counts the calls of write keys, in one process or in all together. */
function countsCalls(counter: () => Promise<CallCounter>): void {
  it('counts the calls of each key by themselves, and says when the minute is over', async () => {
    const own = opened(await counter());
    const key = `key-${(keys += 1)}`;
    expect(await own.count(key)).toMatchObject({ calls: 1 });
    const { calls, left } = await own.count(key);
    expect(calls).toBe(2);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(await own.count(`${key}-other`)).toMatchObject({ calls: 1 });
  });

  it('misses none of calls that come at once', async () => {
    const own = opened(await counter());
    const key = `key-${(keys += 1)}`;
    const all = await Promise.all(Array.from({ length: 50 }, () => own.count(key)));
    expect(all.map(({ calls }) => calls).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, place) => place + 1),
    );
  });
}

/** What limits the requests of a caller. */
function limitsRequests(limiter: (points: number) => ClosableLimiter): void {
  it('lets so many requests a minute through, for each caller', async () => {
    const { limiter: own } = opened(limiter(3));
    const who = `who-${(keys += 1)}`;
    for (let left = 2; left >= 0; left -= 1)
      expect(await own.consume(who)).toMatchObject({ remainingPoints: left });
    await expect(own.consume(who)).rejects.toMatchObject({ consumedPoints: 4, remainingPoints: 0 });
    expect(await own.consume(`${who}-other`)).toMatchObject({ remainingPoints: 2 });
  });
}

/** Connected, so that what follows does not fall back to counting alone. */
async function ready<One>(one: One, tried: () => Promise<unknown>): Promise<One> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  await tried();
  return one;
}

describe('limits in one process', () => {
  countsCalls(async () => new OwnCallCounter(new SystemClock()));
  limitsRequests((points) => createRateLimiter(null, points));
});

onRedis('limits on Redis', () => {
  const url = redis?.url ?? '';
  const shared = () =>
    new RedisCallCounter(url, new OwnCallCounter(new SystemClock()), (cause) => expect(cause).toBeNull());
  countsCalls(() => ready(shared(), async () => undefined));
  limitsRequests((points) => createRateLimiter(url, points));

  it('hold for all processes together', async () => {
    const [one, other] = [opened(shared()), opened(shared())];
    await ready(one, () => Promise.all([one.count('warm'), other.count('warm')]));
    const key = `key-${(keys += 1)}`;
    expect(await one.count(key)).toMatchObject({ calls: 1 });
    expect(await other.count(key)).toMatchObject({ calls: 2 });
    const [first, second] = [opened(createRateLimiter(url, 2)), opened(createRateLimiter(url, 2))];
    await ready(first, () =>
      Promise.all([first.limiter.consume('warm 1'), second.limiter.consume('warm 2')]),
    );
    expect(await first.limiter.consume(key)).toMatchObject({ remainingPoints: 1 });
    expect(await second.limiter.consume(key)).toMatchObject({ remainingPoints: 0 });
    await expect(first.limiter.consume(key)).rejects.toMatchObject({ consumedPoints: 3 });
  });

  it('are each process’s own while Redis is away', async () => {
    const away = 'redis://127.0.0.1:1';
    const causes: unknown[] = [];
    const counter = opened(
      new RedisCallCounter(away, new OwnCallCounter(new SystemClock()), (cause) => causes.push(cause)),
    );
    expect([await counter.count('a'), await counter.count('a')]).toMatchObject([{ calls: 1 }, { calls: 2 }]);
  });
});
