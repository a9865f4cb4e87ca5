import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 20;
/** `open` on macOS takes a BSD lock with this flag; Node has no name for it. */
const DARWIN_O_EXLOCK = 0x20;

type Release = () => Promise<void>;

/**
 * Runs `work` while no other process starts, adopts or stops the server of this home.
 *
 * PostgreSQL's own interlock is not enough: of two servers that find the same stale `postmaster.pid`, one can
 * unlink the file that the other has just written. The kernel holds this lock, so that `kill -9` frees it.
 *
 * Throws when the lock stays taken for `patienceMs`, not counting the time during which `serverIsWorking`
 * (a server that recovers from a crash may take minutes).
 */
export async function withServerLock<T>(
  home: string,
  options: { patienceMs: number; serverIsWorking: () => Promise<boolean> },
  work: () => Promise<T>,
): Promise<T> {
  const release = await waitForLock(home, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(
  home: string,
  { patienceMs, serverIsWorking }: { patienceMs: number; serverIsWorking: () => Promise<boolean> },
): Promise<Release> {
  let giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const release = await tryLock(home);
    if (release) return release;
    if (Date.now() > giveUpAt) {
      if (!(await serverIsWorking())) {
        throw new Error(
          `Another process has been starting or stopping the PostgreSQL of ${home} for ${patienceMs / 1000} s. ` +
            'End that process, then try again.',
        );
      }
      giveUpAt = Date.now() + patienceMs;
    }
    await delay(RETRY_MS);
  }
}

/** Undefined when another process, or another call in this one, holds the lock. */
async function tryLock(home: string): Promise<Release | undefined> {
  if (process.platform === 'darwin') return tryFileLock(join(home, 'start.lock'));
  const { dev, ino } = await stat(home, { bigint: true });
  const name = `nba-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24)}`;
  return tryListen(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`);
}

/** An abstract Unix socket or a named pipe: a name that one process at a time can own, and no file. */
function tryListen(address: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: address, exclusive: true }, () =>
      resolve(() => new Promise((closed) => server.close(() => closed()))),
    );
  });
}

async function tryFileLock(path: string): Promise<Release | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | DARWIN_O_EXLOCK;
  try {
    const file = await open(path, flags, 0o600);
    return () => file.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return undefined;
    throw error;
  }
}
