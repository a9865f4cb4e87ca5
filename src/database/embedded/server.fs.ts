import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { giveTree, prepareBinaries } from './binaries.fs.js';
import { explainClosedDirectory, type Home, prepareLog, undefinedIfAbsent } from './home.fs.js';
import { pidFile } from './postmaster.fs.js';

export const ROLE = 'nba';
export const HOST = '127.0.0.1';

/** Written to `postgresql.conf` once, where the owner of the data may change them. */
const SETTINGS = {
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
};
/** Given at every start: what this module relies on. No value may need quotes in a shell. */
const REQUIRED = { listen_addresses: HOST, unix_socket_directories: '' };
/** Tests only: a crash of the machine loses data. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/** Recovery after a crash replays up to `max_wal_size`. */
const START_TIMEOUT_S = 600;
const STOP_TIMEOUT_S = 60;
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
  const { ok, output } = await runTool(home, binaries, 'pg_ctl', [
    ...['start', '-w', '-s', '-t', `${START_TIMEOUT_S}`, '-D', home.data, '-l', home.log, '-o', options],
  ]);
  if (ok) return undefined;
  const log = (await readFile(home.log, 'utf8')).slice(-LOG_TAIL_BYTES, undefined);
  const said = (await readLogFrom(home.log, logged)) || log;
  if (TRANSIENT.test(said)) return said;
  throw new Error(await failure('PostgreSQL did not start', home, `${output}\n${said}\n(${home.log})`));
}

/** Disconnects whoever is connected and waits until the server has written everything. */
export async function stopServer(home: Home): Promise<void> {
  const binaries = await prepareBinaries(home);
  const { ok, output } = await runTool(home, binaries, 'pg_ctl', [
    ...['stop', '-w', '-s', '-t', `${STOP_TIMEOUT_S}`, '-D', home.data, '-m', 'fast'],
  ]);
  if (ok || !(await stat(pidFile(home.data)).catch(undefinedIfAbsent))) return;
  throw new Error(await failure('PostgreSQL did not stop', home, output));
}
