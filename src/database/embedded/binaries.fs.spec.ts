import { mkdir, mkdtemp, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { linkLibraries, prepareBinaries } from './binaries.fs.js';

let temporary: string;

beforeAll(async () => {
  temporary = await realpath(await mkdtemp('/tmp/nba-spec-'));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

it('makes the library links that a blocked install script did not make, and leaves those that exist', async () => {
  const native = join(temporary, 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await linkLibraries(native);
  await linkLibraries(native);
  expect(await readlink(join(native, 'lib', 'libx.so.1'))).toBe('libx.so.1.2');
});

it('names the platforms that exist when there is none for this one', async () => {
  const arch = Object.getOwnPropertyDescriptor(process, 'arch');
  if (!arch) throw new Error('process.arch is not there');
  Object.defineProperty(process, 'arch', { ...arch, value: 's390x' });
  const home = { path: temporary, data: '', log: '', password: '' };
  try {
    await expect(prepareBinaries(home)).rejects.toThrow(
      /no embedded PostgreSQL for .*s390x.*linux-x64.*DATABASE_URL/,
    );
  } finally {
    Object.defineProperty(process, 'arch', arch);
  }
});
