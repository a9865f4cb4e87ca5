import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { undefinedIfAbsent } from './home.fs.js';

/**
 * What `postmaster.pid` says about the server of a data directory.
 * `stale`: the file is there, the server is not. `busy`: it starts, recovers or stops; try again.
 */
export type Postmaster =
  | { state: 'absent' }
  | { state: 'stale'; port?: number }
  | { state: 'busy'; doing: string; pid?: number }
  | { state: 'ready'; port: number; pid: number };

/** Lines of the file, counted from 0. */
const PID_LINE = 0;
const PORT_LINE = 3;
const STATUS_LINE = 7;
/** A server creates its file empty and fills it at once; empty for longer, a crash left it. */
const EMPTY_FILE_GRACE_MS = 5000;

export const pidFile = (data: string): string => join(data, 'postmaster.pid');

export async function findPostmaster(data: string): Promise<Postmaster> {
  const text = await readFile(pidFile(data), 'utf8').catch(undefinedIfAbsent);
  if (text === undefined) return { state: 'absent' };
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[PID_LINE]);
  if (!pid) return findEmptyFile(data);
  const port = Number(lines[PORT_LINE]) || undefined;
  if (!(await isPostgres(pid))) return { state: 'stale', port };
  const doing = lines[STATUS_LINE] || 'starting';
  return doing === 'ready' && port ? { state: 'ready', port, pid } : { state: 'busy', doing, pid };
}

async function findEmptyFile(data: string): Promise<Postmaster> {
  const file = await stat(pidFile(data)).catch(undefinedIfAbsent);
  if (!file) return { state: 'absent' };
  const fresh = Date.now() - file.mtimeMs < EMPTY_FILE_GRACE_MS;
  return fresh ? { state: 'busy', doing: 'starting' } : { state: 'stale' };
}

/**
 * The number alone proves nothing: after a restart of the machine or the container another process may have it,
 * and a container without an init process keeps killed servers as zombies.
 */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const program = await programOf(pid);
  if (program === undefined) return isAlive(pid); // nothing shows its name: trust the number
  return basename(program).startsWith('postgres');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Path of the program, '' for a zombie, undefined when the system does not tell. */
async function programOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')[0];
    return (await promisify(execFile)('/bin/ps', ['-o', 'comm=', '-p', String(pid)])).stdout.trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || typeof code === 'number') return undefined;
    throw error;
  }
}
