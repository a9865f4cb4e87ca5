import { Redis } from 'ioredis';
import { SECOND } from '../../shared/index.js';
import { LOOKS_ANYWAY_EVERY, StreamBell, StreamRinger } from './stream-bell.js';

/** Pub/sub channel; it is one for all databases of a Redis, and a ring that was meant for others does no harm. */
const CHANNEL = 'nba:stream';
/** Whoever opens the stream waits for the first connection. */
const CONNECT_MILLISECONDS = 2 * SECOND;

/** One subscription of this process. When its connection breaks it is made anew, and rings for what it may have missed. */
export class RedisStreamBell extends StreamBell {
  private client: Redis | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redisUrl: string,
    private readonly report: (cause: unknown) => void,
  ) {
    super();
  }

  async start(ring: () => void): Promise<void> {
    const client = new Redis(this.redisUrl, {
      lazyConnect: true,
      autoResubscribe: false,
      connectTimeout: CONNECT_MILLISECONDS,
      connectionName: 'nba-stream',
    });
    this.client = client;
    this.timer = setInterval(ring, LOOKS_ANYWAY_EVERY).unref();
    client.on('message', ring);
    const listensOrFailed = new Promise<void>((resolve) => {
      client.on('ready', () => {
        client.subscribe(CHANNEL).then(ring, this.report).finally(resolve);
      });
      client.on('error', (cause) => {
        this.report(cause);
        resolve();
      });
    });
    client.connect().catch(this.report);
    await listensOrFailed;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.client?.disconnect();
  }
}

/** Rings when the transaction is over. Where Redis is away nothing is queued up: the bells look by themselves. */
export class RedisStreamRinger extends StreamRinger {
  private readonly client: Redis;

  constructor(
    redisUrl: string,
    private readonly report: (cause: unknown) => void,
  ) {
    super();
    this.client = new Redis(redisUrl, {
      lazyConnect: true,
      maxRetriesPerRequest: 1,
      connectTimeout: CONNECT_MILLISECONDS,
      connectionName: 'nba-ring',
    });
    this.client.on('error', report);
  }

  async published(): Promise<void> {
    // not yet: nobody could read what the ring tells of
  }

  committed(): void {
    this.client.publish(CHANNEL, '').catch(this.report);
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}
