import { Socket } from 'node:net';
import { Client } from 'pg';
import { HOST, ROLE } from './server.fs.js';

export interface Server {
  port: number;
  password: string;
}

const PRESENT = 'nba: present';
const LEAVING = 'nba: leaving';
/** Not the application's database: a connection would keep it from being used as a template. */
const MAINTENANCE_DATABASE = 'postgres';
const LOGIN_TIMEOUT_MS = 5000;
const RETURN_EVERY_MS = 1000;
const RETURN_TRIES = 60;
/** Connections that have just been closed leave pg_stat_activity a moment later. */
const CLOSING_MS = 500;
const CLOSING_POLL_MS = 10;

/**
 * One connection that shows the other processes that this one still uses the server, even while its pools are
 * idle. It returns after a crash of a backend, and does not keep this process from ending.
 */
export class Presence {
  private client: Client | undefined;
  private socket: Socket | undefined;
  private left = false;

  private constructor(
    private readonly server: Server,
    private readonly log: (message: string) => void,
  ) {}

  /** Rejects when the server does not let us in. */
  static async join(server: Server, log: (message: string) => void): Promise<Presence> {
    const presence = new Presence(server, log);
    await presence.connect();
    return presence;
  }

  /** Rejects when the connection is lost. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    if (!this.client) throw new Error('The connection to the embedded PostgreSQL is lost.');
    this.socket?.ref();
    try {
      return (await this.client.query<Row>(sql)).rows;
    } finally {
      this.socket?.unref();
    }
  }

  /**
   * Announces that this process leaves. Resolves to true when no other client is connected; waits a moment for
   * clients that are neither present (then there is no need) nor leaving. Rejects when the server is gone.
   */
  async announceLeaving(): Promise<boolean> {
    if (!this.client) await this.connect();
    this.left = true;
    await this.query(`set application_name = '${LEAVING}'`);
    for (const waitUntil = Date.now() + CLOSING_MS; ;) {
      const others = await this.others();
      if (others.length === 0) return true;
      if (others.includes(PRESENT) || Date.now() > waitUntil) return false;
      await new Promise((resume) => setTimeout(resume, CLOSING_POLL_MS));
    }
  }

  async end(): Promise<void> {
    this.left = true;
    this.socket?.ref();
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  private async others(): Promise<string[]> {
    const rows = await this.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${LEAVING}'`,
    );
    return rows.map((row) => row.name);
  }

  private async connect(): Promise<void> {
    const socket = new Socket();
    const client = new Client({
      ...this.server,
      host: HOST,
      user: ROLE,
      database: MAINTENANCE_DATABASE,
      application_name: PRESENT,
      connectionTimeoutMillis: LOGIN_TIMEOUT_MS,
      ssl: false,
      stream: () => socket,
    });
    client.on('error', (error) => this.log(`The embedded PostgreSQL closed a connection: ${error.message}`));
    await client.connect();
    if (this.left || this.client) return client.end(); // meanwhile decided otherwise
    client.once('end', () => this.lost(client));
    socket.unref();
    this.client = client;
    this.socket = socket;
  }

  private lost(client: Client): void {
    if (this.client !== client) return; // we ended it
    this.client = undefined;
    this.comeBack(RETURN_TRIES);
  }

  private comeBack(tries: number): void {
    const retry = () => {
      if (this.left || this.client) return;
      this.connect().catch((error: Error) => {
        if (tries > 1) this.comeBack(tries - 1);
        else this.log(`The embedded PostgreSQL is gone: ${error.message}`);
      });
    };
    setTimeout(retry, RETURN_EVERY_MS).unref();
  }
}
