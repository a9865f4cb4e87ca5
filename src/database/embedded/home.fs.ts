import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Who runs the server when we are root, which PostgreSQL refuses to run as. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** Where one embedded server keeps its data, password and log. Absolute paths without symbolic links. */
export interface Home {
  path: string;
  data: string;
  log: string;
  password: string;
  /** Set only when this process is root. */
  user?: ServerUser;
}

const PASSWORD_BYTES = 24;

/** Creates the directory when it is absent. Throws, saying what to do, when it cannot be used. */
export async function openHome(options: { home?: string; cloneRoot: string }): Promise<Home> {
  const root = process.getuid?.() === 0;
  const wanted = options.home ? resolve(options.home) : await defaultHome(options.cloneRoot, root);
  await createDirectory(wanted, root);
  if (root && !options.home) await refuseForeign(wanted);
  const path = await realpath(wanted);
  const data = join(path, 'data');
  const home = { path, data, log: join(path, 'postgres.log'), password: join(path, 'password') };
  return root ? { ...home, user: await chooseServerUser(data) } : home;
}

/** `.nba` in the clone; as root a directory that another user can reach even if the clone is closed. */
async function defaultHome(cloneRoot: string, root: boolean): Promise<string> {
  if (!root) return join(resolve(cloneRoot), '.nba');
  const clone = await realpath(cloneRoot);
  return `/var/tmp/nba-${createHash('sha256').update(clone).digest('hex').slice(0, 12)}`;
}

async function createDirectory(path: string, root: boolean): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true });
    if (first === undefined) return;
    if (!root) return await chmod(path, 0o700);
    for (let created = path; created.startsWith(first); created = dirname(created)) {
      await chmod(created, 0o711); // the server user must get through, whatever the umask
    }
  } catch (cause) {
    throw new Error(
      `Cannot create ${path} for the embedded PostgreSQL. ` +
        'Set NBA_HOME to a directory that you can write, or DATABASE_URL to a server of your own.',
      { cause },
    );
  }
}

/** Anybody may create a name in /var/tmp before we do. */
async function refuseForeign(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory() && found.uid === 0) return;
  throw new Error(`${path} was not made by root, so root does not trust it: remove it, or set NBA_HOME.`);
}

/** The owner of data that exists, else `postgres`, else `nobody`. */
async function chooseServerUser(data: string): Promise<ServerUser> {
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const owner = await stat(data).catch(undefinedIfAbsent);
  if (owner && owner.uid !== 0) {
    const known = accounts.find((account) => account.uid === owner.uid);
    return known ?? { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and /etc/passwd has neither "postgres" nor "nobody". ' +
      'Start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The accounts in the text of `/etc/passwd`; lines that are not accounts are left out. */
export function parsePasswd(text: string): ServerUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (!name || !uid || !gid) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/** The password of the role `nba`, made on first use. The caller holds the server lock. */
export async function ensurePassword(home: Home): Promise<string> {
  const known = await readPassword(home);
  if (known) return known;
  if (await stat(home.data).catch(undefinedIfAbsent)) {
    throw new Error(
      `${home.password} is missing, and without it ${home.data} cannot be opened. ` +
        `Restore the file, or remove ${home.path} to begin with an empty database.`,
    );
  }
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const draft = `${home.password}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(password);
    if (home.user) await file.chown(home.user.uid, home.user.gid); // initdb reads it
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, home.password);
  return password;
}

async function readPassword(home: Home): Promise<string | undefined> {
  try {
    return (await readFile(home.password, 'utf8').catch(undefinedIfAbsent))?.trim();
  } catch (cause) {
    throw new Error(
      `Cannot read ${home.password}. Does ${home.path} belong to another user? Then set NBA_HOME to a directory of ` +
        'your own, or start as that user.',
      { cause },
    );
  }
}

/** Opens the log for the server user and sets a large one aside. Returns its length in bytes. */
export async function prepareLog(home: Home, maxBytes: number): Promise<number> {
  const old = await lstat(home.log).catch(undefinedIfAbsent);
  if (old && old.size > maxBytes) await rename(home.log, `${home.log}.1`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const file = await open(home.log, flags, 0o600);
  try {
    if (home.user) await file.chown(home.user.uid, home.user.gid);
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** A sentence that names the directories which keep the server user out; empty when there are none. */
export async function explainClosedDirectories(path: string, user: ServerUser | undefined): Promise<string> {
  if (!user) return '';
  const closed: string[] = [];
  for (let directory = path; ; directory = dirname(directory)) {
    const found = await stat(directory);
    if (!mayEnter(found, user)) closed.push(`${directory} (mode ${(found.mode & 0o777).toString(8)})`);
    if (directory === dirname(directory)) break;
  }
  if (closed.length === 0) return '';
  return (
    ` As root the server runs as "${user.name}", who may not enter ${closed.join(' and ')}: ` +
    'allow it (chmod o+x), choose another NBA_HOME, or unset NBA_HOME.'
  );
}

function mayEnter({ mode, uid, gid }: Stats, user: ServerUser): boolean {
  if (uid === user.uid) return (mode & constants.S_IXUSR) !== 0;
  if (gid === user.gid) return (mode & constants.S_IXGRP) !== 0;
  return (mode & constants.S_IXOTH) !== 0;
}

/** For `.catch`: a file that is not there is an answer; every other failure stays one. */
export function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
