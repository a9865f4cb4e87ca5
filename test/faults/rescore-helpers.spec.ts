import { type ChildProcess, execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Run } from '../../src/rescoring/index.js';
import { everyFault } from '../support/faults.js';
import { endOf, PATIENCE_MILLISECONDS, RescoreProcesses } from '../support/rescore-processes.js';

/** As many as are worth a helper. */
const ACCOUNTS = 5000;
const WITH_A_HELPER = { NBA_RESCORING_PROCESSES: '2' };
const LONG = 150_000;

let processes: RescoreProcesses;

/** With a first run, which makes room in the log: nothing but its rows is waited for later. */
beforeAll(async () => {
  processes = await RescoreProcesses.start(ACCOUNTS);
  const { code, stderr } = await endOf(processes.rescore([], WITH_A_HELPER));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, LONG);
afterAll(() => processes?.close(), LONG);

describe('a helper of a run', () => {
  it(
    'that is killed in the middle of its shards loses nothing',
    async () => {
      const { ended, blocked } = await helped('a helper is lost');
      process.kill(blocked.helper, 'SIGKILL');
      await blocked.release();
      const { code, stdout } = await ended;
      const run = JSON.parse(stdout) as Run;
      expect({ code, run }).toMatchObject({ code: 0, run: { state: 'published', problem: null } });
      await processes.expectOneDecisionEach(run, ACCOUNTS);
    },
    LONG,
  );

  (everyFault ? it : it.skip)(
    'ends with whoever started it, and the next goes on',
    async () => {
      const { child, ended, blocked } = await helped('the starter is lost');
      child.kill('SIGKILL');
      await ended;
      await gone(blocked.helper);
      await blocked.release();
      const { code, stdout } = await endOf(processes.rescore([], WITH_A_HELPER));
      expect(code).toBe(0);
      await processes.expectOneDecisionEach(JSON.parse(stdout) as Run, ACCOUNTS);
    },
    LONG,
  );
});

/** A run in two processes whose every shard waits to be written: the log of decisions is locked. */
async function helped(because: string) {
  const client = new Client({ connectionString: processes.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('lock table decisions in share mode');
  const child = processes.rescore(['--force', because], WITH_A_HELPER);
  const ended = endOf(child);
  const helper = await Promise.race([
    helperAtWork(child),
    ended.then(({ stderr }) => Promise.reject(new Error(`ended without help: ${stderr}`))),
  ]);
  const release = async (): Promise<void> => {
    await client.query('rollback');
    await client.end();
  };
  return { child, ended, blocked: { helper, release } };
}

/** Process id of the helper, when both of its shards wait. */
async function helperAtWork(starter: ChildProcess): Promise<number> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await delay(50)) {
    const [row] = await processes.rows<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
        where application_name = 'nba-helper' and wait_event_type = 'Lock'`,
    );
    if (row?.waiting === 2) return childOf(starter);
  }
  throw new Error('no helper came to work');
}

function childOf(starter: ChildProcess): number {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = all.find(
    (line) => line.includes('shard-helper') && line.trim().split(/\s+/)[1] === `${starter.pid}`,
  );
  return Number(found?.trim().split(/\s+/)[0]);
}

async function gone(pid: number): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await delay(50)) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
  throw new Error(`process ${pid} goes on`);
}
