import { Client } from 'pg';
import { SECOND } from '../../shared/index.js';
import { StreamBell } from './stream-log.js';
import { STREAM_CHANNEL } from './stream-sink.postgres.js';

const RINGS_ANYWAY_EVERY = 5 * SECOND;
const FIRST_RETRY = 0.25 * SECOND;
const LONGEST_RETRY = 5 * SECOND;

/** One connection of this process that listens. When it breaks it is made anew, and rings for what it may have missed. */
export class PostgresStreamBell extends StreamBell {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(
    private readonly databaseUrl: string,
    private readonly report: (cause: unknown) => void,
  ) {
    super();
  }

  async start(ring: () => void): Promise<void> {
    this.stopped = false;
    await this.listen(ring);
    this.timer = setInterval(ring, RINGS_ANYWAY_EVERY);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private async listen(ring: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'nba-stream',
      keepAlive: true,
    });
    let lost = false;
    const lose = (cause?: unknown): void => {
      if (lost || this.client !== client) return;
      lost = true;
      this.client = undefined;
      if (cause !== undefined) this.report(cause);
      client.end().catch(this.report);
      this.again(ring, FIRST_RETRY);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', () => ring());
    await client.connect();
    try {
      await client.query(`listen ${STREAM_CHANNEL}`);
    } catch (cause) {
      await client.end();
      throw cause;
    }
    if (this.stopped) return client.end();
    this.client = client;
  }

  private again(ring: () => void, delay: number): void {
    if (this.stopped) return;
    this.retry = setTimeout(() => {
      this.listen(ring).then(ring, (cause: unknown) => {
        this.report(cause);
        this.again(ring, Math.min(2 * delay, LONGEST_RETRY));
      });
    }, delay);
    this.retry.unref();
  }
}
