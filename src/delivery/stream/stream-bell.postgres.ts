import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { Notifications } from '../relay-wake.postgres.js';
import { LOOKS_ANYWAY_EVERY, StreamBell, StreamRinger } from './stream-bell.js';

/** Channel of `NOTIFY` on which every process that serves the stream listens. */
export const STREAM_CHANNEL = 'nba_stream';

/** One connection of this process that listens. When it breaks it is made anew, and rings for what it may have missed. */
export class PostgresStreamBell extends StreamBell {
  private notifications: Notifications | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly report: (cause: unknown) => void,
  ) {
    super();
  }

  async start(ring: () => void): Promise<void> {
    this.notifications = new Notifications({
      databaseUrl: this.databaseUrl,
      channels: { [STREAM_CHANNEL]: ring },
      troubled: this.report,
    });
    this.timer = setInterval(ring, LOOKS_ANYWAY_EVERY).unref();
    await this.notifications.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.notifications?.close();
  }
}

/** A notification goes out with the commit. */
export class PostgresStreamRinger extends StreamRinger {
  async published(within: Transaction): Promise<void> {
    await managerOf(within).query(`select pg_notify('${STREAM_CHANNEL}', '')`);
  }

  committed(): void {
    // it has rung
  }

  async close(): Promise<void> {
    // nothing is held open
  }
}
