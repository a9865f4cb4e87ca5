import { withService } from '../../src/main.js';
import type { Installation } from './installation.js';

/**
 * `nba rescore`, then counted in the database: accounts with suggestions of the run, accounts with a decision of the run
 * that suggests nothing (a recorded no action), and accounts with neither.
 */
export async function rescoreAll(
  installation: Installation,
  limitSeconds: number,
): Promise<Record<string, unknown>> {
  const run = (await installation.nba(['rescore', '--json'], { limitSeconds })) as RunPrinted | null;
  if (run === null) return { state: 'failed', problem: 'nba rescore printed no result' };
  const counts = await withService(installation.config, async (_app, { database }) => {
    const [row] = await database.database.query<Record<string, string>[]>(COUNTS, [run.runId]);
    return Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
  });
  const { state, total, done, ratePerSecond, tally, startedAt, finishedAt, problem } = run;
  const seconds =
    startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / MILLISECONDS : null;
  return {
    state,
    ...(problem ? { problem } : {}),
    total,
    done,
    ...counts,
    seconds,
    computedPerSecond: ratePerSecond,
    tally,
  };
}

const MILLISECONDS = 1000;

interface RunPrinted {
  runId: string;
  state: string;
  total: number;
  done: number;
  ratePerSecond: number | null;
  tally: unknown;
  startedAt: string | null;
  finishedAt: string | null;
  problem: string | null;
}

const COUNTS = `
  with decided as (select distinct account_id from decisions where run_id = $1),
    suggested as (select distinct account_id from suggestions where run_id = $1)
  select (select count(*) from accounts) as "accounts",
    (select count(*) from suggested) as "withSuggestions",
    (select count(*) from decided where account_id not in (select account_id from suggested)) as "recordedNoAction",
    (select count(*) from accounts where account_id not in (select account_id from decided)
      and account_id not in (select account_id from suggested)) as "withNeither",
    (select count(*) from suggestions where run_id = $1) as "suggestions"`;
