import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { ensurePassword, type Home, openHome, undefinedIfAbsent } from './home.fs.js';
import { findPostmaster, pidFile, type Postmaster } from './postmaster.fs.js';
import { Presence } from './presence.postgres.js';
import { HOST, ROLE, startServer, stopServer } from './server.fs.js';
import { withServerLock } from './start-lock.fs.js';

export interface EmbeddedPostgresOptions {
  /** NBA_HOME, when the user set it; otherwise undefined and the default rule applies. */
  home?: string;
  /** Root of the clone: `.nba` goes there by default; as root, its path is hashed into /var/tmp/nba-<hash>. */
  cloneRoot: string;
  /** No fsync, full_page_writes and synchronous_commit: faster, and for tests only. */
  fast?: boolean;
  log?: (message: string) => void;
}

/** A running server of this machine that other processes of ours may use too. */
export interface EmbeddedPostgres {
  /** `postgres://nba:<password>@127.0.0.1:<port>/nba`, a UTF-8 database. */
  url: string;
  /** Absolute path of the data, the password and the log. */
  home: string;
  /** An already running server was adopted. */
  adopted: boolean;
  /** Close your own connections first. Stops the server when no other client is connected. Idempotent. */
  leave(): Promise<void>;
}

const DATABASE = 'nba';
const DATABASE_EXISTS = `exists (select from pg_database where datname = '${DATABASE}')`;
/** An advisory lock of the maintenance database; any number will do. */
const CREATION_LOCK = 20_061;
const PATIENCE_MS = 30_000;
/** Recovery after a crash replays up to `max_wal_size`. */
const RECOVERY_PATIENCE_MS = 600_000;
/** While the server starts or stops by itself. */
const POLL_MS = 50;
/** After a start or a login that failed. */
const RETRY_MS = 250;
const INVALID_PASSWORD = '28P01';

/**
 * Adopts the server of this home or starts it, on a free port of the loopback interface. The server outlives the
 * process, even `kill -9` and Ctrl-C, until the last process leaves.
 *
 * Throws an Error that says what to do, when the platform, the directory or the data do not allow it, or when
 * there is no server to talk to after 30 s (10 minutes while it recovers from a crash).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fast = false, log = () => undefined } = options;
  const home = await openHome(options);
  return exclusively(home, async () => {
    const password = await ensurePassword(home);
    const { port, adopted, presence } = await adoptOrStart(home, { password, fast, log });
    await prepareDatabase(home, presence, { fast, log }).catch(async (error: unknown) => {
      await presence.end();
      throw error;
    });
    log(`${adopted ? 'Adopted' : 'Started'} PostgreSQL in ${home.path}, port ${port}`);
    const url = `postgres://${ROLE}:${password}@${HOST}:${port}/${DATABASE}`;
    let leaving: Promise<void> | undefined;
    return { url, home: home.path, adopted, leave: () => (leaving ??= leave(home, presence, log)) };
  });
}

function exclusively<T>(home: Home, work: () => Promise<T>): Promise<T> {
  const serverIsWorking = async () => (await findPostmaster(home.data)).state === 'busy';
  return withServerLock(home.path, { patienceMs: PATIENCE_MS, serverIsWorking }, work);
}

interface StartOptions {
  password: string;
  fast: boolean;
  log: (message: string) => void;
}

interface Joined {
  port: number;
  adopted: boolean;
  presence: Presence;
}

async function adoptOrStart(home: Home, options: StartOptions): Promise<Joined> {
  const begun = Date.now();
  let adopted = true;
  let preferredPort: number | undefined; // clients of a killed server find the next one there
  for (;;) {
    const found = await findPostmaster(home.data);
    if ('port' in found) preferredPort = found.port;
    let problem: unknown;
    if (found.state === 'ready') {
      const { presence, refusal } = await tryToJoin(home, found, options);
      if (presence) return { port: found.port, adopted, presence };
      problem = refusal;
    } else if (found.state === 'busy') {
      problem = `it is ${found.doing}`;
    } else {
      problem = await startServer(home, { fast: options.fast, preferredPort });
      if (problem === undefined) {
        adopted = false;
        continue;
      }
    }
    const recovering = found.state === 'busy' && found.doing === 'starting';
    const patience = recovering ? RECOVERY_PATIENCE_MS : PATIENCE_MS;
    if (Date.now() - begun > patience) throw timedOut(home, found, problem);
    await delay(found.state === 'busy' ? POLL_MS : RETRY_MS);
  }
}

/** A refused password does not pass by itself: throws. Any other refusal may, and is returned. */
async function tryToJoin(
  home: Home,
  { port, pid }: { port: number; pid: number },
  { password, log }: StartOptions,
): Promise<{ presence?: Presence; refusal?: unknown }> {
  try {
    return { presence: await Presence.join({ port, password }, log) };
  } catch (refusal) {
    if (!(refusal instanceof DatabaseError) || refusal.code !== INVALID_PASSWORD) return { refusal };
    throw new Error(
      `The PostgreSQL with process id ${pid} refuses the password in ${home.password}. ` +
        `If it does not serve ${home.data}, remove ${pidFile(home.data)}.`,
      { cause: refusal },
    );
  }
}

function timedOut(home: Home, found: Postmaster, cause: unknown): Error {
  const pid = 'pid' in found && found.pid ? ` (process id ${found.pid})` : '';
  const state = cause instanceof Error ? cause.message : String(cause);
  return new Error(`The PostgreSQL of ${home.path}${pid} does not serve: ${state}. See ${home.log}.`, {
    cause,
  });
}

interface Facts {
  directory: string;
  fsync: string;
  exists: boolean;
}

/** Checks whose server this is, and creates the database if it is not there yet. */
async function prepareDatabase(
  home: Home,
  presence: Presence,
  { fast, log }: { fast: boolean; log: (message: string) => void },
): Promise<void> {
  const [facts] = await presence.query<Facts>(
    `select current_setting('data_directory') as directory, current_setting('fsync') as fsync,
            ${DATABASE_EXISTS} as exists`,
  );
  if (!facts) throw new Error('PostgreSQL answered nothing.');
  const served = await realpath(facts.directory).catch(undefinedIfAbsent);
  if (served !== (await realpath(home.data))) {
    throw new Error(
      `The PostgreSQL that ${pidFile(home.data)} names serves ${facts.directory}: the directory was moved or ` +
        'copied while the server ran. Stop that server, then start again.',
    );
  }
  if (facts.fsync === 'off' && !fast)
    log(`The PostgreSQL in ${home.path} was started for tests: it may lose data.`);
  if (!facts.exists) await createDatabase(presence);
}

/** Under a lock of the server: the session of a process that was killed may still be creating it. */
async function createDatabase(presence: Presence): Promise<void> {
  await presence.query(`select pg_advisory_lock(${CREATION_LOCK})`);
  const [facts] = await presence.query<{ exists: boolean }>(`select ${DATABASE_EXISTS} as exists`);
  if (!facts?.exists) {
    await preferLz4(presence);
    await presence.query(`create database ${DATABASE}`);
  }
  await presence.query(`select pg_advisory_unlock(${CREATION_LOCK})`);
}

/** Cheaper than the default pglz; not every build has it. */
async function preferLz4(presence: Presence): Promise<void> {
  const settings = await presence.query<{ name: string }>(
    `select name from pg_settings
      where name in ('wal_compression', 'default_toast_compression') and 'lz4' = any (enumvals)`,
  );
  for (const { name } of settings) await presence.query(`alter system set ${name} = 'lz4'`);
  if (settings.length > 0) await presence.query('select pg_reload_conf()');
}

async function leave(home: Home, presence: Presence, log: (message: string) => void): Promise<void> {
  await exclusively(home, async () => {
    const last = await presence.announceLeaving().catch((error: Error) => {
      log(`Nothing to leave: ${error.message}`); // the server is gone
      return false;
    });
    await presence.end();
    if (!last) return;
    await stopServer(home);
    log(`Stopped PostgreSQL in ${home.path}`);
  });
}
