import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { transformFile } from '@swc/core';
import { Client } from 'pg';
import { linkLibraries } from './binaries.fs.js';
import { parsePasswd } from './home.fs.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './index.js';

const cloneRoot = fileURLToPath(new URL('../../../', import.meta.url));
const sources = fileURLToPath(new URL('.', import.meta.url));
const asRoot = process.getuid?.() === 0 ? it : it.skip;

jest.setTimeout(60_000);

let temporary: string;
let home: string;
const joined: EmbeddedPostgres[] = [];
const children: Child[] = [];

beforeAll(async () => {
  temporary = await mkdtemp('/tmp/nba-spec-');
  await chmod(temporary, 0o755); // as root, another user runs the server
  home = join(temporary, 'a home');
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await Promise.all(joined.splice(0).map((server) => server.leave()));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, cloneRoot, fast: true, ...options });
  joined.push(server);
  return server;
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined); // the tests that stop the server below a client expect it
  await client.connect();
  return client;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = await connect(url);
  const { rows } = await client.query<Row>(sql);
  await client.end();
  return rows;
}

const serves = (url: string): Promise<boolean> =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  );

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(home, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('one process', () => {
  it('gets a UTF-8 database behind a password, on the loopback interface only, and stops it when it leaves', async () => {
    const { url, leave, adopted, home: where } = await start();
    expect({ adopted, where }).toEqual({ adopted: false, where: home });
    expect(url).toMatch(/^postgres:\/\/nba:[\w-]{32}@127\.0\.0\.1:\d+\/nba$/);
    const [facts] = await query(
      url,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, current_setting('timezone') as timezone,
              current_setting('shared_buffers') as buffers, current_setting('jit') as jit, upper('é') as upper`,
    );
    expect(facts).toEqual({
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      timezone: 'UTC',
      buffers: '128MB',
      jit: 'off',
      upper: 'É',
    });
    await expect(connect(url.replace(/nba:[^@]+@/, 'nba:wrong@'))).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(home, 'password'))).mode & 0o777).toBe(0o600);

    await Promise.all([leave(), leave()]);
    expect(await serves(url)).toBe(false);
  });

  it('keeps every commit on disk unless it asked for a test server', async () => {
    const settings = `select name, setting from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name`;
    const fast = await start();
    const whenFast = await query<{ setting: string }>(fast.url, settings);
    await fast.leave();
    const durable = await start({ fast: false });
    const whenDurable = await query<{ setting: string }>(durable.url, settings);
    expect(whenFast.map((row) => row.setting)).toEqual(['off', 'off', 'off']);
    expect(whenDurable.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
  });

  it('does not stop the server under somebody else who is connected', async () => {
    const first = await start();
    const somebody = await connect(first.url);
    await first.leave();
    expect((await somebody.query('select 1 as one')).rows).toEqual([{ one: 1 }]);

    const second = await start();
    expect(second.adopted).toBe(true);
    const closing = somebody.end(); // not awaited: a pool that is still closing does not keep the server
    await second.leave();
    await closing;
    expect(await serves(first.url)).toBe(false);
  });

  it('is missed by nobody for long after its connection was cut', async () => {
    const { url } = await start();
    const present = `select pid from pg_stat_activity where application_name = 'nba: present'`;
    const [before] = await query<{ pid: number }>(url, present);
    await query(url, `select pg_terminate_backend(${before?.pid})`);
    let after: { pid: number } | undefined;
    for (let tries = 0; !after && tries < 50; tries++) {
      await delay(100);
      [after] = await query<{ pid: number }>(url, present);
    }
    expect(after?.pid).toEqual(expect.any(Number));
    expect(after?.pid).not.toBe(before?.pid);
  });
});

describe('after a crash', () => {
  it('starts again on the same port, with all that was committed, when the server was killed', async () => {
    const first = await start({ fast: false });
    await query(first.url, 'create table survivor as select 42 as answer');
    process.kill(await postmasterPid(), 'SIGKILL');
    const second = await start({ fast: false });
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await query(second.url, 'select answer from survivor')).toEqual([{ answer: 42 }]);
  });

  it('starts although an unrelated process now has the number of the server that is gone', async () => {
    const first = await start();
    const pidFile = await readFile(join(home, 'data', 'postmaster.pid'), 'utf8');
    await first.leave();
    await writeFile(join(home, 'data', 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
    expect(await serves((await start()).url)).toBe(true);
  });

  it('clears away what an initdb that was killed left behind', async () => {
    await mkdir(join(home, 'data.999999', 'base'), { recursive: true });
    await start();
    expect(await readdir(home)).not.toContain('data.999999');
  });

  it('refuses to start without the password of existing data, and says which file is missing', async () => {
    const lost = join(temporary, 'lost');
    await mkdir(join(lost, 'data'), { recursive: true });
    await expect(start({ home: lost })).rejects.toThrow(`${join(lost, 'password')} is missing`);
  });
});

describe('several processes', () => {
  it('share one server, which stops only when the last one leaves', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, url: first.url });
    await first.leave();
    expect(await serves(second.url)).toBe(true);
    await second.leave();
    expect(await serves(second.url)).toBe(false);
  });

  it('end with a working server when one starts while the last one leaves', async () => {
    let server = await start();
    for (let round = 0; round < 3; round++) {
      const [, next] = await Promise.all([server.leave(), start()]);
      server = next;
      expect(await serves(server.url)).toBe(true);
    }
  });

  it('find the server that a killed process left, in a session that Ctrl-C does not reach', async () => {
    const child = await spawnChild(home);
    await child.kill();
    const server = await start();
    expect(server).toMatchObject({ adopted: true, url: child.url });
    const pid = await postmasterPid();
    if (process.platform === 'linux') {
      const [, , group, session] =
        (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      expect({ group, session }).toEqual({ group: String(pid), session: String(pid) });
    }
  });

  it('race from nothing to one server, and leave it at once', async () => {
    const raced = join(temporary, 'raced');
    const racers = await Promise.all([1, 2, 3, 4].map(() => spawnChild(raced)));
    const urls = new Set(racers.map((child) => child.url));
    expect(urls.size).toBe(1);
    expect(racers.filter((child) => !child.adopted)).toHaveLength(1);
    expect((await readdir(raced)).filter((name) => name.startsWith('data'))).toEqual(['data']);

    await Promise.all(racers.map((child) => child.leave()));
    for (const url of urls) expect(await serves(url)).toBe(false);
    expect(await readdir(join(raced, 'data'))).not.toContain('postmaster.pid');
  });
});

describe('the installation', () => {
  it('gets the library links that a blocked install script did not make', async () => {
    const native = join(temporary, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    await linkLibraries(native);
    await linkLibraries(native);
    expect(await readlink(join(native, 'lib', 'libx.so.1'))).toBe('libx.so.1.2');
  });

  it('is named, with the platforms that exist, when there is none for this one', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch');
    if (!arch) throw new Error('process.arch is not there');
    Object.defineProperty(process, 'arch', { ...arch, value: 's390x' });
    try {
      await expect(start({ home: join(temporary, 's390x') })).rejects.toThrow(
        /s390x.*linux-x64.*DATABASE_URL/,
      );
    } finally {
      Object.defineProperty(process, 'arch', arch);
    }
  });
});

describe('as root', () => {
  asRoot('names the directory that keeps the server user out', async () => {
    const closed = join(temporary, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(start({ home: join(closed, 'home') })).rejects.toThrow(`may not enter ${closed} (mode 700)`);
  });

  it('finds accounts in /etc/passwd', () => {
    const text = 'root:x:0:0:root:/root:/bin/bash\n# comment\nnobody:x:65534:65533::/:/bin/false\n';
    expect(parsePasswd(text)).toEqual([
      { name: 'root', uid: 0, gid: 0 },
      { name: 'nobody', uid: 65534, gid: 65533 },
    ]);
  });
});

interface Child {
  url: string;
  adopted: boolean;
  /** Leaves the server and ends. */
  leave(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

const childScript = `
  import { startEmbeddedPostgres } from './embedded/index.js';
  const [home, cloneRoot] = process.argv.slice(2);
  const { url, adopted, leave } = await startEmbeddedPostgres({ home, cloneRoot, fast: true });
  console.log(JSON.stringify({ url, adopted }));
  process.stdin.once('data', () => leave().then(() => process.exit(0)));
`;

/** Another process of ours, which has started or adopted the server. */
async function spawnChild(home: string): Promise<Child> {
  const script = await (compiled ??= compile());
  const child = spawn(process.execPath, [script, home, cloneRoot], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  });
  const handle = {
    leave: () => end(child, () => child.stdin.write('leave\n')),
    kill: () => end(child, sigkill),
  };
  function sigkill() {
    child.kill('SIGKILL');
  }
  children.push({ url: '', adopted: false, ...handle });
  for await (const line of createInterface(child.stdout)) {
    return { ...(JSON.parse(line) as { url: string; adopted: boolean }), ...handle };
  }
  throw new Error('The child ended before it had a server');
}

async function end(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  ask();
  await exited;
}

let compiled: Promise<string> | undefined;

/** Plain JavaScript for the children; resolves to the path of their script. */
async function compile(): Promise<string> {
  const folder = join(temporary, 'compiled');
  await mkdir(join(folder, 'embedded'), { recursive: true });
  await symlink(join(cloneRoot, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of await readdir(sources)) {
    if (name.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(sources, name), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    await writeFile(join(folder, 'embedded', name.replace(/\.ts$/, '.js')), code);
  }
  await writeFile(join(folder, 'child.js'), childScript);
  return join(folder, 'child.js');
}
