import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Run } from '../../src/rescoring/index.js';
import { everyFault } from '../support/faults.js';
import { endOf, RescoreProcesses } from '../support/rescore-processes.js';

/** Six shards, two at once: the last mark below leaves two to be published, one of which has not begun. */
const ACCOUNTS = 3000;
const LONG = 150_000;
/** A kill hits somewhere within this long after its mark. */
const SPREAD_MILLISECONDS = 250;

let processes: RescoreProcesses;

beforeAll(async () => {
  processes = await RescoreProcesses.start(ACCOUNTS);
}, LONG);
afterAll(() => processes?.close(), LONG);

async function killed(
  states: readonly string[],
  shards: number,
  spread = SPREAD_MILLISECONDS,
): Promise<void> {
  const child = processes.rescore();
  const ended = endOf(child);
  await Promise.race([
    processes.reached(states, shards),
    ended.then(({ stderr }) => Promise.reject(new Error(`ended before it was killed: ${stderr}`))),
  ]);
  await delay(Math.random() * spread);
  child.kill('SIGKILL');
  await ended;
}

describe('nba rescore', () => {
  it(
    'killed again and again, its database with it, goes on and ends with one decision in force for every account',
    async () => {
      if (everyFault) await killed(['computed', 'published'], 1);
      await killed(['computed', 'published'], 3);
      await killed(['published'], 1, 0);
      const last = processes.rescore();
      const ended = endOf(last);
      await processes.reached(['published'], 3);
      await processes.killPostmaster();
      last.kill('SIGKILL');
      await ended;
      await processes.startDatabaseAgain();

      const { code, stdout, stderr } = await endOf(processes.rescore());
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Taking up the run') });
      const run = JSON.parse(stdout) as Run;
      expect(run).toMatchObject({ state: 'published', total: ACCOUNTS, done: ACCOUNTS, problem: null });
      expect(run.tally).toMatchObject({ decided: ACCOUNTS, published: ACCOUNTS, kept: 0, missed: 0 });
      const [again] = await Promise.all([
        endOf(processes.rescore()),
        processes.expectOneDecisionEach(run, ACCOUNTS),
      ]);
      expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    },
    LONG,
  );

  it(
    'stops at Ctrl-C, and a service beside it does the rest',
    async () => {
      const service = processes.spawned('src/main.js', [], { NBA_PORT: '0', NBA_ROLE: 'all' });
      for await (const line of createInterface({ input: service.stderr! }))
        if (line.includes('next best action: http')) break;
      service.stderr?.resume();
      const rescore = processes.rescore(['--force', 'the second of the day']);
      const ended = endOf(rescore);
      await processes.reached(['computed', 'published'], 1, true);
      rescore.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing is lost') });
      await processes.reached(['published'], ACCOUNTS / 500, true);
      const [run] = await processes.rows<Run>(
        `select run_id as "runId" from rescoring_runs where forced_because = 'the second of the day'`,
      );
      await processes.expectOneDecisionEach(run!, ACCOUNTS);
      service.kill('SIGTERM');
      await once(service, 'exit');
    },
    LONG,
  );
});
