import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A service of its own: a process, an embedded database in a new folder, durable as in production. */
export interface BenchService {
  url: string;
  pid: number;
  /** The database's first process: the others are under it. */
  databasePid: number;
  key: string;
  databaseUrl: string;
  /** Runs a command of the product beside it and gives what it printed. */
  nba(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

const dist = resolve(import.meta.dirname, '../..');
const PORT = 3971;

export async function startBenchService(): Promise<BenchService> {
  const home = mkdtempSync(join('/var/tmp', 'nba-bench-'));
  // As root the database runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const environment = {
    ...process.env,
    NBA_HOME: join(home, 'state'),
    NBA_PORT: String(PORT),
    NBA_LOG_LEVEL: 'warn',
    NBA_RATE_LIMIT: '10000000',
    NBA_INGEST_LIMIT: '10000000',
    NBA_RESCORING_CRON: '',
    DATABASE_URL: '',
    REDIS_URL: '',
    NODE_OPTIONS: optionsOfStart(),
  };
  // PROFILE=folder writes a CPU profile of the service there when it stops.
  const profile = process.env['PROFILE'] ? ['--cpu-prof', `--cpu-prof-dir=${process.env['PROFILE']}`] : [];
  const child = spawn(process.execPath, [...profile, join(dist, 'src/main.js')], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${PORT}`;
  await untilLive(url, child);
  const nba = (...args: string[]): Promise<string> =>
    run(process.execPath, [join(dist, 'scripts/nba.js'), ...args], environment);
  const { key } = JSON.parse(
    await nba('keys', 'create', '--scopes', 'admin', '--source', 'bench', '--json'),
  ) as { key: string };
  const doctor = JSON.parse(await nba('doctor', '--json', '--database-url')) as { databaseUrl: string };
  return {
    url,
    pid: child.pid ?? 0,
    databasePid: Number.parseInt(readFileSync(join(home, 'state/data/postmaster.pid'), 'utf8'), 10),
    key,
    databaseUrl: doctor.databaseUrl,
    nba,
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((done) => child.once('exit', done));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The bounds of memory with which `npm start` starts the service; those of whoever runs the benchmark go before them. */
export function optionsOfStart(): string {
  const { scripts } = JSON.parse(readFileSync(resolve(dist, '../package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [, options] = /NODE_OPTIONS="([^"]*) \$NODE_OPTIONS"/.exec(scripts.start) ?? [];
  if (options === undefined) throw new Error('`npm start` sets no NODE_OPTIONS');
  return `${options} ${process.env['NODE_OPTIONS'] ?? ''}`.trim();
}

const START_SECONDS = 60;

async function untilLive(url: string, child: ChildProcess): Promise<void> {
  for (let tried = 0; tried < START_SECONDS * 10; tried += 1) {
    if (child.exitCode !== null) throw new Error(`the service ended with code ${child.exitCode}`);
    try {
      if ((await fetch(`${url}/health/live`)).ok) return;
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the service did not start');
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.once('exit', (code) =>
      code === 0 ? done(output) : fail(new Error(`${args.join(' ')} ended with code ${code}`)),
    );
  });
}
