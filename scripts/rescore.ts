import { Presets, SingleBar } from 'cli-progress';
import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { withService } from '../src/main.js';
import {
  ended,
  Rescoring,
  RescoringRuns,
  type Run,
  type RunId,
  type RunRefused,
} from '../src/rescoring/index.js';
import { Clock } from '../src/shared/index.js';
import { RefreshInsights } from '../src/workflows/index.js';
import { CommandFailed, commandConfig, printResult, say, table } from './terminal.js';

const LOOK_EVERY_MILLISECONDS = 250;
const RECENT = 20;

interface RescoreOptions {
  refresh: boolean;
  day?: string;
  force?: string;
  json?: boolean;
}

export function registerRescore(program: Command): void {
  program
    .command('rescore')
    .description(
      'Find slow knowledge anew, decide for every account and publish the suggestions, as the nightly run does. Resumes what a crash left.',
    )
    .option('--day <day>', 'the day it is for, such as 2026-11-22 (else today)')
    .option('--force <reason>', 'run although the day has a run already')
    .option('--no-refresh', 'decide with insights, hours and doubles as they stand')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm run nba -- rescore\n  $ npm run nba -- rescore --no-refresh\n  $ npm run nba -- rescore --force "new price list"',
    )
    .action(async (options: RescoreOptions) => {
      const interrupt = interruptible();
      const run = await withService(
        { ...commandConfig(), rescoringCron: '' },
        (app) => rescore(app, options, interrupt),
        { role: 'worker' },
      );
      printResult(options.json, run, () => describeRun(run));
      if (interrupt.aborted && !ended.includes(run.state))
        throw new CommandFailed('interrupted. Nothing is lost: the same command goes on from here.');
      if (run.state !== 'published')
        throw new CommandFailed(`the run is ${run.state}${run.problem ? `: ${run.problem}` : ''}`);
    });
}

/** Takes up an unfinished run of the day, or starts one, and follows it to its end. */
async function rescore(
  app: INestApplicationContext,
  options: RescoreOptions,
  interrupt: AbortSignal,
): Promise<Run> {
  const runs = app.get(RescoringRuns, { strict: false });
  const open = (await runs.list(RECENT)).find((run) => !ended.includes(run.state));
  if (open) {
    say(`Taking up the run ${open.runId} for ${open.day}, which has not ended yet.`);
    return await follow(runs, open.runId, interrupt);
  }
  if (options.refresh) await refresh(app);
  const started = await app.get(Rescoring, { strict: false }).start({
    startedBy: 'command-line',
    ...(options.day ? { day: options.day } : {}),
    ...(options.force ? { force: { reason: options.force } } : {}),
  });
  if (!started.ok) throw new CommandFailed(refusal(started.error));
  return await follow(runs, started.value.runId, interrupt);
}

/** What cannot be found is told; the run decides with what was known before. */
export async function refresh(app: INestApplicationContext): Promise<void> {
  const at = app.get(Clock, { strict: false }).now();
  await app.get(RefreshInsights, { strict: false }).run(at, ({ told, problem }) => {
    for (const line of told) say(line);
    if (problem) say(`Not found anew, so as it was before: ${problem.message}`);
  });
}

function refusal({ code, detail }: RunRefused): string {
  return code === 'already-run' ? 'The day has a run already. To run again: --force "why"' : detail;
}

/** Aborts at Ctrl-C and at SIGTERM, once; a second signal ends the process as usual. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

/** Shows progress on standard error until the run has ended, or until it is interrupted. */
export async function follow(runs: RescoringRuns, runId: RunId, interrupt?: AbortSignal): Promise<Run> {
  const bar = new SingleBar(
    {
      format: ' re-scoring {bar} {value}/{total} accounts  {state}',
      stream: process.stderr,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  for (;;) {
    const run = await runs.find(runId);
    if (!run) throw new CommandFailed(`run ${runId} is gone`);
    if (!started) bar.start(run.total, 0, { state: run.state });
    started = true;
    bar.update(run.done, { state: run.state });
    if (ended.includes(run.state) || interrupt?.aborted) {
      bar.stop();
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLISECONDS));
  }
}

export function describeRun(run: Run): string {
  const { tally } = run;
  const counts = (record: Readonly<Record<string, number>>): (string | number)[][] =>
    Object.entries(record)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => [name, count]);
  return [
    `Run ${run.runId} for ${run.day}: ${run.state}`,
    table([
      ['accounts', run.total],
      ['decided', tally.decided],
      ['no action', tally.noAction],
      ['published', tally.published],
      ['kept (already seen)', tally.kept],
      ['decided again', tally.decidedAgain],
      ['missed (changing all the time)', tally.missed],
      ['accounts a second', run.ratePerSecond ?? '-'],
    ]),
    'Suggestions per channel',
    table(counts(tally.suggestionsByChannel)),
    'Suppressed candidates per rule',
    table(counts(tally.suppressedByRule)),
  ].join('\n');
}
