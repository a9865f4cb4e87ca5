import { Client } from 'pg';

/** Pause before a lost connection is made anew; doubled with each failure, at most `LONGEST_PAUSE_MILLISECONDS`. */
const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 5000;

export interface NotificationOptions {
  databaseUrl: string;
  /** What to do when a channel is notified. */
  channels: Readonly<Record<string, (payload: string) => void>>;
  /** The connection was lost and is being made anew. */
  troubled: (cause: Error) => void;
}

/**
 * Listens on channels of PostgreSQL on a connection of its own, and connects again when it is lost. Each handler is
 * called once with an empty text whenever listening begins, since notifications in between are gone.
 */
export class Notifications {
  private client: Client | undefined;
  private again: NodeJS.Timeout | undefined;
  private pause = FIRST_PAUSE_MILLISECONDS;
  private closed = false;

  constructor(private readonly options: NotificationOptions) {}

  /** Resolves when it listens, or after a first failure: it then goes on trying by itself. */
  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: 'nba-listen',
      keepAlive: true,
    });
    client.on('error', (cause) => this.lost(client, cause));
    client.on('end', () => this.lost(client, new Error('the connection was ended')));
    client.on('notification', ({ channel, payload }) => this.options.channels[channel]?.(payload ?? ''));
    this.client = client;
    try {
      await client.connect();
      for (const channel of Object.keys(this.options.channels))
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      this.pause = FIRST_PAUSE_MILLISECONDS;
      for (const handle of Object.values(this.options.channels)) handle('');
    } catch (cause) {
      this.lost(client, cause as Error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.again);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch((cause: Error) => this.options.troubled(cause));
  }

  /** One client is lost once, whatever it says of it and however often. */
  private lost(client: Client, cause: Error): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    this.options.troubled(cause);
    client.end().catch((failure: Error) => this.options.troubled(failure));
    this.again = setTimeout(() => void this.start(), this.pause).unref();
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MILLISECONDS);
  }
}
