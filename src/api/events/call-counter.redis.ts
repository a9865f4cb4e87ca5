import { Redis } from 'ioredis';
import { MINUTE } from '../../shared/index.js';
import { CallCounter, type Counted } from './call-counter.js';

/** Counts, begins a window where there is none, and says how long it lasts. */
const COUNT = `
  local calls = redis.call('INCR', KEYS[1])
  if calls == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { calls, redis.call('PTTL', KEYS[1]) }`;

/** All processes together. While Redis is away each counts for itself. */
export class RedisCallCounter extends CallCounter {
  private readonly client: Redis;

  constructor(
    redisUrl: string,
    private readonly own: CallCounter,
    private readonly report: (cause: unknown) => void,
  ) {
    super();
    this.client = new Redis(redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectionName: 'nba-ingest-limit',
    });
    this.client.on('error', report);
  }

  async count(key: string): Promise<Counted> {
    if (this.client.status !== 'ready') return this.own.count(key);
    try {
      const counted = await this.client.eval(COUNT, 1, `nba:ingest:${key}`, MINUTE);
      const [calls, left] = counted as [number, number];
      return { calls, left: Math.max(0, left) };
    } catch (cause) {
      this.report(cause);
      return this.own.count(key);
    }
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}
