import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { transformFile } from '@swc/core';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './index.js';

const cloneRoot = fileURLToPath(new URL('../../../', import.meta.url));
const sources = fileURLToPath(new URL('.', import.meta.url));

jest.setTimeout(60_000);

/** Another process of ours, which has started or adopted the server. */
interface Child {
  url: string;
  adopted: boolean;
  /** Leaves the server and ends. */
  leave(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

const script = `
  import { startEmbeddedPostgres } from './embedded/index.js';
  const [home, cloneRoot] = process.argv.slice(2);
  const { url, adopted, leave } = await startEmbeddedPostgres({ home, cloneRoot, fast: true });
  console.log(JSON.stringify({ url, adopted }));
  process.stdin.once('data', () => leave().then(() => process.exit(0)));
`;

let temporary: string;
let home: string;
const running = new Set<() => Promise<void>>();

beforeAll(async () => {
  temporary = await realpath(await mkdtemp('/tmp/nba-spec-'));
  await chmod(temporary, 0o755); // as root, another user runs the server
  home = join(temporary, 'home');
  await compile(temporary);
});

afterEach(() => Promise.all([...running].map((kill) => kill())));

afterAll(() => rm(temporary, { recursive: true, force: true }));

/** Makes plain JavaScript of this folder, which Node runs without Jest. */
async function compile(target: string): Promise<void> {
  await mkdir(join(target, 'embedded'));
  await symlink(join(cloneRoot, 'node_modules'), join(target, 'node_modules'));
  await writeFile(join(target, 'package.json'), '{ "type": "module" }');
  await writeFile(join(target, 'child.js'), script);
  for (const name of await readdir(sources)) {
    if (name.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(sources, name), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    await writeFile(join(target, 'embedded', name.replace(/\.ts$/, '.js')), code);
  }
}

async function spawnChild(): Promise<Child> {
  const args = [join(temporary, 'child.js'), home, cloneRoot];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const exited = once(child, 'exit').then(() => running.delete(kill));
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await exited;
  }
  running.add(kill);
  async function leave(): Promise<void> {
    child.stdin.write('leave\n');
    await exited;
  }
  for await (const line of createInterface(child.stdout)) {
    return { ...(JSON.parse(line) as { url: string; adopted: boolean }), leave, kill };
  }
  throw new Error('The child ended before it had a server.');
}

async function serves(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

it('four processes race from nothing to one server, and leave it at once', async () => {
  const racers = await Promise.all([1, 2, 3, 4].map(() => spawnChild()));
  const [url, ...others] = new Set(racers.map((child) => child.url));
  expect(others).toEqual([]);
  expect(racers.filter((child) => !child.adopted)).toHaveLength(1);
  expect((await readdir(home)).filter((name) => name.startsWith('data'))).toEqual(['data']);

  await Promise.all(racers.map((child) => child.leave()));
  expect(await serves(String(url))).toBe(false);
  expect(await readdir(join(home, 'data'))).not.toContain('postmaster.pid');
});

it('a process finds the server that a killed one left, in a session that Ctrl-C does not reach', async () => {
  const child = await spawnChild();
  await child.kill();
  const server = await startEmbeddedPostgres({ home, cloneRoot, fast: true });
  try {
    expect(server).toMatchObject({ adopted: true, url: child.url });
    const pid = Number.parseInt(await readFile(join(home, 'data', 'postmaster.pid'), 'utf8'), 10);
    if (process.platform === 'linux') {
      const [, , group, session] =
        (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      expect({ group, session }).toEqual({ group: String(pid), session: String(pid) });
    }
  } finally {
    await server.leave();
  }
});

it('four processes that find a killed server restart it once', async () => {
  const first = await spawnChild();
  process.kill(Number.parseInt(await readFile(join(home, 'data', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL');
  const racers = await Promise.all([1, 2, 3, 4].map(() => spawnChild()));
  expect(racers.filter((child) => !child.adopted)).toHaveLength(1);
  expect(new Set(racers.map((child) => child.url))).toEqual(new Set([first.url]));
  await Promise.all([first, ...racers].map((child) => child.leave()));
  expect(await serves(first.url)).toBe(false);
});
