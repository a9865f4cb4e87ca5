import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { MINUTE, SECOND } from '../../shared/index.js';

export interface ClosableLimiter {
  limiter: RateLimiterAbstract;
  close(): Promise<void>;
}

/** One allowance a minute for each caller; shared by all processes where there is Redis, each process's own elsewhere. */
export function createRateLimiter(redisUrl: string | null, pointsAMinute: number): ClosableLimiter {
  const own = new RateLimiterMemory({ points: pointsAMinute, duration: MINUTE / SECOND });
  if (redisUrl === null) return { limiter: own, close: () => Promise.resolve() };
  const storeClient = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const limiter = new RateLimiterRedis({
    storeClient,
    points: pointsAMinute,
    duration: MINUTE / SECOND,
    keyPrefix: 'nba:limit',
    // Redis away: each process counts for itself until it is back.
    insuranceLimiter: own,
  });
  return {
    limiter,
    close: async () => {
      // not `quit`: there may be nobody to say good-bye to
      storeClient.disconnect();
    },
  };
}
