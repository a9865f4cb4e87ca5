import { SECOND } from '../../shared/index.js';
import { Notifications } from '../relay-wake.postgres.js';
import { StreamBell } from './stream-log.js';
import { STREAM_CHANNEL } from './stream-sink.postgres.js';

const RINGS_ANYWAY_EVERY = 5 * SECOND;

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
    this.timer = setInterval(ring, RINGS_ANYWAY_EVERY).unref();
    await this.notifications.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.notifications?.close();
  }
}
