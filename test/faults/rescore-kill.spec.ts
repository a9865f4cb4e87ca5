import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Caller } from '../../src/access/index.js';
import { CatalogueResource } from '../../src/api/catalogue/catalogue-resource.js';
import { readConfig } from '../../src/config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { withService } from '../../src/main.js';
import type { Run } from '../../src/rescoring/index.js';

const root = resolve(import.meta.dirname, '../..');
/** Six shards, two at once: the last mark below leaves two to be published, one of which has not begun. */
const ACCOUNTS = 3000;
const LONG = 150_000;
const PATIENCE_MILLISECONDS = 60_000;
/** A kill hits somewhere within this long after its mark. */
const SPREAD_MILLISECONDS = 250;

const CALLER: Caller = {
  keyId: 'test' as Caller['keyId'],
  scopes: ['catalogue'],
  memberId: null,
  role: null,
  source: 'test',
};

let home: string;
let server: EmbeddedPostgres;
const children = new Set<ChildProcess>();

/** A small catalogue, and thousands of accounts. */
async function fill(): Promise<void> {
  const config = { ...readConfig({}), home, logLevel: 'error' as const };
  await withService(config, async (app, { database: { database } }) => {
    const records = app.get(CatalogueResource, { strict: false });
    for (const id of ['visit', 'call'])
      await records.put(
        'channels',
        {
          channelId: id,
          name: id,
          kind: id,
          performedBy: 'automatic',
          costPerTouch: 1,
          leadTimeHours: 0,
          consent: 'opt-out',
        },
        CALLER,
      );
    await records.put(
      'outcome-definitions',
      { outcomeId: 'reply', event: 'Email Replied', withinDays: 14 },
      CALLER,
    );
    for (const id of ['offer', 'talk', 'ask'])
      await records.put(
        'actions',
        {
          actionId: id,
          name: id,
          intent: 'offer',
          purpose: 'sales',
          topics: [],
          channelIds: ['visit', 'call'],
          outcomeId: 'reply',
          value: 100,
          lever: 1,
          mandatory: false,
        },
        CALLER,
      );
    await database.query(
      `insert into accounts (account_id, name, kind, country, time_zone, mode, attributes, stub)
       select 'account-' || n, 'Account ' || n, 'person', 'DE', 'Europe/Berlin', 'automatic', '{}', false
         from generate_series(1, ${ACCOUNTS}) n`,
    );
    await database.query('insert into account_state (account_id) select account_id from accounts');
  });
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The build as a process of its own, on the embedded database of this test. */
function spawned(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  const own = {
    DATABASE_URL: '',
    REDIS_URL: '',
    NBA_HOME: home,
    NBA_LOG_LEVEL: 'error',
    NBA_RESCORING_CRON: '',
    NODE_OPTIONS: '',
  };
  const child = spawn(process.execPath, [join(root, 'dist', program), ...args], {
    cwd: root,
    env: { ...process.env, ...own, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const exit = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [child.exitCode];
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), exit]);
  return { code: code as number | null, stdout, stderr };
}

async function rows<Row>(sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => client.end().catch(() => undefined));
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Waits until so many shards of the run, the forced one or the first, are in one of the states. */
async function reached(states: readonly string[], shards: number, forced = false): Promise<void> {
  const list = states.map((state) => `'${state}'`).join(', ');
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await delay(15)) {
    const [row] = await rows<{ n: number }>(
      `select count(*)::int as n from rescoring_shards s join rescoring_runs r using (run_id)
        where s.state in (${list}) and (r.forced_because is not null) = ${forced}`,
    );
    if ((row?.n ?? 0) >= shards) return;
  }
  throw new Error(`${shards} shards did not come to ${list}`);
}

async function killed(
  states: readonly string[],
  shards: number,
  spread = SPREAD_MILLISECONDS,
): Promise<void> {
  const child = spawned('scripts/nba.js', ['rescore', '--no-refresh']);
  const ended = endOf(child);
  await Promise.race([
    reached(states, shards),
    ended.then(({ stderr }) => Promise.reject(new Error(`ended before it was killed: ${stderr}`))),
  ]);
  await delay(Math.random() * spread);
  child.kill('SIGKILL');
  await ended;
}

async function killPostmaster(): Promise<void> {
  const data = join(server.home, 'data');
  const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
}

beforeAll(async () => {
  home = await mkdtemp('/var/tmp/nba-rescore-kill-');
  await chmod(home, 0o755);
  server = await startEmbeddedPostgres({ home, cloneRoot: root });
  await fill();
}, LONG);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server?.leave();
  await rm(home, { recursive: true, force: true });
}, LONG);

describe('nba rescore', () => {
  it(
    'killed again and again, its database with it, goes on and ends with one decision in force for every account',
    async () => {
      await killed(['computed', 'published'], 1);
      await killed(['computed', 'published'], 3);
      await killed(['published'], 1, 0);
      const last = spawned('scripts/nba.js', ['rescore', '--no-refresh']);
      const ended = endOf(last);
      await reached(['published'], 3);
      await killPostmaster();
      last.kill('SIGKILL');
      await ended;
      server = await startEmbeddedPostgres({ home, cloneRoot: root });

      const { code, stdout, stderr } = await endOf(
        spawned('scripts/nba.js', ['rescore', '--no-refresh', '--json']),
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Taking up the run') });
      const run = JSON.parse(stdout) as Run;
      expect(run).toMatchObject({ state: 'published', total: ACCOUNTS, done: ACCOUNTS, problem: null });
      expect(run.tally).toMatchObject({ decided: ACCOUNTS, published: ACCOUNTS, kept: 0, missed: 0 });
      const [again] = await Promise.all([
        endOf(spawned('scripts/nba.js', ['rescore', '--no-refresh'])),
        expectOneDecisionEach(run),
      ]);
      expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    },
    LONG,
  );

  it(
    'stops at Ctrl-C, and a service beside it does the rest',
    async () => {
      const service = spawned('src/main.js', [], { NBA_PORT: '0', NBA_ROLE: 'all' });
      for await (const line of createInterface({ input: service.stderr! }))
        if (line.includes('next best action: http')) break;
      service.stderr?.resume();
      const rescore = spawned('scripts/nba.js', [
        'rescore',
        '--no-refresh',
        '--force',
        'the second of the day',
      ]);
      const ended = endOf(rescore);
      await reached(['computed', 'published'], 1, true);
      rescore.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing is lost') });
      await reached(['published'], ACCOUNTS / 500, true);
      const [run] = await rows<Run>(
        `select run_id as "runId" from rescoring_runs where forced_because = 'the second of the day'`,
      );
      await expectOneDecisionEach(run!);
      service.kill('SIGTERM');
      await once(service, 'exit');
    },
    LONG,
  );
});

/** Nothing lost and nothing doubled, in the log, in what is in force and in what people see. */
async function expectOneDecisionEach({ runId }: Pick<Run, 'runId'>): Promise<void> {
  expect(
    await rows(
      `select count(*)::int as decisions, count(distinct account_id)::int as accounts from decisions where run_id = '${runId}'`,
    ),
  ).toEqual([{ decisions: ACCOUNTS, accounts: ACCOUNTS }]);
  expect(
    await rows(
      `select e.effect, count(*)::int as decisions, count(distinct e.account_id)::int as accounts
         from decision_effects e join decisions d using (account_id, decision_id)
        where e.run_id = '${runId}' group by 1`,
    ),
  ).toEqual([{ effect: 'published', decisions: ACCOUNTS, accounts: ACCOUNTS }]);
  expect(
    await rows(
      `select from suggestions where state in ('open', 'seen', 'accepted', 'snoozed')
        group by account_id, contact_id, action_id, channel_id, product_id having count(*) > 1`,
    ),
  ).toEqual([]);
  const [open] = await rows<{ accounts: number; foreign: number }>(
    `select count(distinct account_id)::int as accounts, (count(*) filter (where run_id <> '${runId}'))::int as foreign
       from suggestions where state = 'open'`,
  );
  const [answers] = await rows<{ with_places: number }>(
    `select count(*)::int as with_places from open_questions q join decisions d using (account_id, decision_id)
      where d.run_id = '${runId}' and cardinality(q.suggestion_ids) > 0`,
  );
  expect(open).toEqual({ accounts: answers?.with_places, foreign: 0 });
}
