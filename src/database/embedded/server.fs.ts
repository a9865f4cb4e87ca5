import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { giveTree, prepareBinaries } from './binaries.fs.js';
import { explainClosedDirectories, type Home, prepareLog, undefinedIfAbsent } from './home.fs.js';
import { findPostmaster, pidFile } from './postmaster.fs.js';

export const ROLE = 'nba';
export const HOST = '127.0.0.1';

/** Written to `postgresql.conf` once, where the owner of the data may change them; and how much of memory is shared. */
const SETTINGS = {
  max_connections: '100',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
};
/** Megabytes of `shared_buffers`: a thirty-second of the machine's memory, within these. A test server has the least. */
const BUFFERS = { least: 128, most: 512, share: 1 / 32 };
/** Given at every start: what this module relies on. No value may need quotes in a shell. */
const REQUIRED = { listen_addresses: HOST, unix_socket_directories: '' };
/** Tests only: a crash of the machine loses data. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/** Recovery after a crash replays up to `max_wal_size`. */
const START_TIMEOUT_S = '600';
const STOP_TIMEOUT_MS = 60_000;
const STOP_POLL_MS = 10;
const MAX_LOG_BYTES = 10 * 2 ** 20;
const LOG_TAIL_BYTES = 2000;
/** Passes by itself: backends of a killed server end, a port is freed. */
const TRANSIENT = /still in use|already in use|could not bind|lock file .* already exists/i;

/**
 * Starts the server, after `initdb` when there is no data yet. The caller holds the server lock.
 * Returns undefined when it serves, else the text of a failure that is worth another try.
 */
export async function startServer(
  home: Home,
  { fast, preferredPort }: { fast: boolean; preferredPort?: number },
): Promise<string | undefined> {
  const binaries = await prepareBinaries(home);
  await removeAbandoned(home);
  if (await stat(home.data).catch(undefinedIfAbsent)) await giveToServerUser(home);
  else await initialise(home, binaries, fast);
  await rm(pidFile(home.data), { force: true }); // stale, or we would not start

  const logged = await prepareLog(home, MAX_LOG_BYTES);
  const port = await choosePort(preferredPort);
  const settings = Object.entries({ ...REQUIRED, ...(fast ? FAST : {}), port });
  const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const place = ['-D', home.data, '-l', home.log];
  const wait = ['-w', '-s', '-t', START_TIMEOUT_S];
  const args = ['start', ...place, ...wait, '-o', options];
  const { ok, output } = await runTool(home, binaries, 'pg_ctl', args);
  if (ok) return undefined;
  const said = await readLogFrom(home.log, logged);
  if (TRANSIENT.test(said)) return said;
  throw new Error(await failure('PostgreSQL did not start', home, `${output}\n${said}\n(${home.log})`));
}

/**
 * Disconnects whoever is connected and waits until the server has written everything. It waits by itself: pg_ctl
 * takes a killed server for a running one while nobody has collected the dead process (a container without init).
 */
export async function stopServer(home: Home): Promise<void> {
  const binaries = await prepareBinaries(home);
  const { output } = await runTool(home, binaries, 'pg_ctl', [
    'stop',
    '-W',
    '-s',
    '-D',
    home.data,
    '-m',
    'fast',
  ]);
  for (const giveUpAt = Date.now() + STOP_TIMEOUT_MS; Date.now() < giveUpAt; await delay(STOP_POLL_MS)) {
    const { state } = await findPostmaster(home.data);
    if (state === 'absent' || state === 'stale') return;
  }
  throw new Error(await failure('PostgreSQL did not stop', home, `${output} See ${home.log}.`));
}

async function initialise(home: Home, binaries: string, fast: boolean): Promise<void> {
  const draft = join(home.path, `data.${process.pid}`);
  await mkdir(draft, { mode: 0o700 });
  await giveToServerUser({ ...home, data: draft });
  const access = ['-U', ROLE, `--pwfile=${home.password}`, '--auth=scram-sha-256'];
  // The built-in provider sorts and folds case alike on every system, now and after its next upgrade.
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const settings = Object.entries({ ...SETTINGS, shared_buffers: sharedBuffers(fast) }).flatMap(
    ([name, value]) => ['--set', `${name}=${value}`],
  );
  const manner = ['--no-instructions', ...(fast ? ['--no-sync'] : [])];
  const args = ['-D', draft, ...access, ...text, ...settings, ...manner];
  const { ok, output } = await runTool(home, binaries, 'initdb', args);
  if (!ok) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(await failure('initdb did not succeed', home, output));
  }
  await rename(draft, home.data);
  if (!fast) await syncDirectory(home.path); // else a power failure could undo the rename, and all that follows
}

function sharedBuffers(fast: boolean): string {
  const { least, most, share } = BUFFERS;
  const wanted = fast ? least : Math.floor((totalmem() * share) / 2 ** 20);
  return `${Math.max(least, Math.min(most, wanted))}MB`;
}

/** What earlier processes left when they were killed during `initdb`. */
async function removeAbandoned(home: Home): Promise<void> {
  for (const name of await readdir(home.path)) {
    if (!/^data\.\d+$/.test(name)) continue;
    // Their orphaned initdb may still be writing.
    await rm(join(home.path, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Data that root has made or restored belongs to the server user before the server starts. */
async function giveToServerUser({ data, user }: Home): Promise<void> {
  if (user && (await stat(data)).uid === 0) await giveTree(data, user);
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The preferred port when it is free, so that clients of a killed server find the next one. */
async function choosePort(preferred: number | undefined): Promise<number> {
  return (
    (preferred && (await tryPort(preferred))) ||
    (await tryPort(0)) ||
    Promise.reject(new Error('No free port'))
  );
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ host: HOST, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

async function readLogFrom(path: string, start: number): Promise<string> {
  const log = await readFile(path);
  return log
    .subarray(Math.max(start, log.length - LOG_TAIL_BYTES))
    .toString('utf8')
    .trim();
}

interface ToolResult {
  ok: boolean;
  output: string;
}

async function runTool(
  home: Home,
  binaries: string,
  tool: 'initdb' | 'pg_ctl',
  args: string[],
): Promise<ToolResult> {
  const program = join(binaries, 'bin', process.platform === 'win32' ? `${tool}.exe` : tool);
  try {
    return await run(program, args, home);
  } catch (cause) {
    const hint =
      (await explainClosedDirectories(home.path, home.user)) ||
      ' Possible reasons: a file system mounted noexec (set NBA_HOME), a Linux without glibc such as Alpine, ' +
        'or a container without the right to change user. DATABASE_URL may name a server of your own instead.';
    throw new Error(`Cannot run ${program}.${hint}`, { cause });
  }
}

function run(program: string, args: string[], home: Home): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const identity = home.user ? { uid: home.user.uid, gid: home.user.gid } : {};
    // Nothing of the caller's environment: PGOPTIONS, LC_ALL and others would change what these programs do.
    const child = spawn(program, args, {
      ...identity,
      cwd: home.path,
      env: { LC_ALL: 'C' },
      windowsHide: true,
    });
    let output = '';
    const collect = (text: Buffer) => (output += text.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    // On Windows the server inherits the pipes, so that they never close.
    child.once(process.platform === 'win32' ? 'exit' : 'close', (code: number | null) => {
      resolve({ ok: code === 0, output: output.trim() });
    });
  });
}

async function failure(what: string, home: Home, output: string): Promise<string> {
  const nameless = output.includes('could not look up effective user ID')
    ? '. Give this user an entry in /etc/passwd, or set DATABASE_URL.'
    : '';
  return `${what}: ${output}${nameless}${await explainClosedDirectories(home.path, home.user)}`;
}
