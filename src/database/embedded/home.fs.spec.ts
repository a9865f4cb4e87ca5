import { chmod, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ensurePassword, explainClosedDirectories, openHome, parsePasswd } from './home.fs.js';

const isRoot = process.getuid?.() === 0;

let temporary: string;

beforeAll(async () => {
  temporary = await realpath(await mkdtemp('/tmp/nba-spec-'));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

it('lies in the clone for an ordinary user, and for root where another user can reach it', async () => {
  const home = await openHome({ cloneRoot: temporary });
  try {
    expect(home.path).toMatch(isRoot ? /^\/var\/tmp\/nba-[0-9a-f]{12}$/ : join(temporary, '.nba'));
    expect((await stat(home.path)).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    expect(home.user?.uid).not.toBe(0);
  } finally {
    await rm(home.path, { recursive: true });
  }
});

it('says which file is missing when there is data without its password', async () => {
  const path = join(temporary, 'lost');
  await mkdir(join(path, 'data'), { recursive: true });
  const home = await openHome({ cloneRoot: temporary, home: path });
  await expect(ensurePassword(home)).rejects.toThrow(`${join(path, 'password')} is missing`);
});

it('keeps the first password', async () => {
  const home = await openHome({ cloneRoot: temporary, home: join(temporary, 'first') });
  const password = await ensurePassword(home);
  expect(password).toMatch(/^[\w-]{32}$/);
  expect(await ensurePassword(home)).toBe(password);
});

it('names the directory that keeps the server user out', async () => {
  const closed = join(temporary, 'closed');
  await mkdir(join(closed, 'home'), { recursive: true });
  await chmod(temporary, 0o755);
  await chmod(closed, 0o700);
  const stranger = { name: 'nobody', uid: 65534, gid: 65534 };
  const explanation = await explainClosedDirectories(join(closed, 'home'), stranger);
  expect(explanation).toContain(`"nobody", who may not enter ${closed} (mode 700)`);
  await chmod(closed, 0o711);
  expect(await explainClosedDirectories(join(closed, 'home'), stranger)).toBe('');
});

it('reads the accounts of /etc/passwd', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\n# comment\nnobody:x:65534:65533::/:/bin/false\n';
  expect(parsePasswd(text)).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'nobody', uid: 65534, gid: 65533 },
  ]);
});
