import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { Client } from 'pg';
import type { Caller } from '../../src/access/index.js';
import { CatalogueResource } from '../../src/api/catalogue/catalogue-resource.js';
import { readConfig } from '../../src/config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { withService } from '../../src/main.js';
import type { Run } from '../../src/rescoring/index.js';

const root = resolve(import.meta.dirname, '../..');
/** For what is awaited of other processes. */
export const PATIENCE_MILLISECONDS = 60_000;

const CALLER: Caller = {
  keyId: 'test' as Caller['keyId'],
  scopes: ['catalogue'],
  memberId: null,
  role: null,
  source: 'test',
};

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs of the build as processes of their own, on an embedded database with a small catalogue. */
export class RescoreProcesses {
  private readonly children = new Set<ChildProcess>();

  private constructor(
    private readonly home: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(accounts: number): Promise<RescoreProcesses> {
    const home = await mkdtemp('/var/tmp/nba-rescore-');
    await chmod(home, 0o755);
    const made = new RescoreProcesses(home, await startEmbeddedPostgres({ home, cloneRoot: root }));
    await withService({ ...readConfig({}), home, logLevel: 'error' }, fillCatalogue);
    await made.makeAccounts(accounts);
    return made;
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await this.server.leave();
    await rm(this.home, { recursive: true, force: true });
  }

  get databaseUrl(): string {
    return this.server.url;
  }

  spawned(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const own = {
      DATABASE_URL: '',
      REDIS_URL: '',
      NBA_HOME: this.home,
      NBA_LOG_LEVEL: 'error',
      NBA_RESCORING_CRON: '',
      NODE_OPTIONS: '',
    };
    const child = spawn(process.execPath, [join(root, 'dist', program), ...args], {
      cwd: root,
      env: { ...process.env, ...own, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** `nba rescore` with the answer as JSON. */
  rescore(more: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return this.spawned('scripts/nba.js', ['rescore', '--no-refresh', '--json', ...more], environment);
  }

  async killPostmaster(): Promise<void> {
    const [pid] = (await readFile(join(this.server.home, 'data/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  async startDatabaseAgain(): Promise<void> {
    this.server = await startEmbeddedPostgres({ home: this.home, cloneRoot: root });
  }

  async rows<Row>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.server.url });
    client.on('error', () => client.end().catch(() => undefined));
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Waits until so many shards of the run, the forced one or the first, are in one of the states. */
  async reached(states: readonly string[], shards: number, forced = false): Promise<void> {
    const list = states.map((state) => `'${state}'`).join(', ');
    for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await delay(15)) {
      const [row] = await this.rows<{ n: number }>(
        `select count(*)::int as n from rescoring_shards s join rescoring_runs r using (run_id)
        where s.state in (${list}) and (r.forced_because is not null) = ${forced}`,
      );
      if ((row?.n ?? 0) >= shards) return;
    }
    throw new Error(`${shards} shards did not come to ${list}`);
  }

  /** Nothing lost and nothing doubled, in the log, in what is in force and in what people see. */
  async expectOneDecisionEach({ runId }: Pick<Run, 'runId'>, accounts: number): Promise<void> {
    expect(
      await this.rows(
        `select count(*)::int as decisions, count(distinct account_id)::int as accounts from decisions where run_id = '${runId}'`,
      ),
    ).toEqual([{ decisions: accounts, accounts }]);
    expect(
      await this.rows(
        `select e.effect, count(*)::int as decisions, count(distinct e.account_id)::int as accounts
         from decision_effects e join decisions d using (account_id, decision_id)
        where e.run_id = '${runId}' group by 1`,
      ),
    ).toEqual([{ effect: 'published', decisions: accounts, accounts }]);
    expect(
      await this.rows(
        `select from suggestions where state in ('open', 'seen', 'accepted', 'snoozed')
        group by account_id, contact_id, action_id, channel_id, product_id having count(*) > 1`,
      ),
    ).toEqual([]);
    const [open] = await this.rows<{ accounts: number; foreign: number }>(
      `select count(distinct account_id)::int as accounts, (count(*) filter (where run_id <> '${runId}'))::int as foreign
       from suggestions where state = 'open'`,
    );
    const [answers] = await this.rows<{ with_places: number }>(
      `select count(*)::int as with_places from open_questions q join decisions d using (account_id, decision_id)
      where d.run_id = '${runId}' and cardinality(q.suggestion_ids) > 0`,
    );
    expect(open).toEqual({ accounts: answers?.with_places, foreign: 0 });
  }

  /** Up to so many accounts. */
  private async makeAccounts(accounts: number): Promise<void> {
    await this.rows(
      `insert into accounts (account_id, name, kind, country, time_zone, mode, attributes, stub)
     select 'account-' || n, 'Account ' || n, 'person', 'DE', 'Europe/Berlin', 'automatic', '{}', false
       from generate_series(1, ${accounts}) n on conflict do nothing`,
    );
    await this.rows(
      'insert into account_state (account_id) select account_id from accounts on conflict do nothing',
    );
  }
}

async function fillCatalogue(app: INestApplicationContext): Promise<void> {
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
}

export async function endOf(child: ChildProcess): Promise<Ended> {
  const exit = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [child.exitCode];
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), exit]);
  return { code: code as number | null, stdout, stderr };
}
