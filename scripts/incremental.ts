import { type Command, InvalidArgumentError } from 'commander';
import { type IncrementalEntry, IncrementalStore } from '../src/learning/index.js';
import { withService } from '../src/main.js';
import { addDays, Clock } from '../src/shared/index.js';
import { LearnIncremental, SwitchIncremental } from '../src/workflows/index.js';
import { CommandFailed, commandConfig, printResult, say, table } from './terminal.js';

const ACTOR = 'command-line';
const USUAL_DAYS = 180;

export function registerIncremental(program: Command): void {
  const incremental = program
    .command('incremental')
    .description('Value the whole catalogue by what suggestions add, in place of propensity.');
  incremental
    .command('list')
    .description('Heads that were learned, and which one serves.')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const heads = await withService(commandConfig(), (app) =>
        app.get(IncrementalStore, { strict: false }).list(),
      );
      printResult(json, { items: heads }, () => describeAll(heads));
    });
  incremental
    .command('learn')
    .description('Learn from the decision log what suggestions add; refused where it does not suffice.')
    .option('--days <number>', 'of the log, up to now', daysOf, USUAL_DAYS)
    .option('--json', 'print one JSON object')
    .action(async ({ days, json }: { days: number; json?: boolean }) => {
      const learned = await withService(commandConfig(), (app) => {
        const to = app.get(Clock, { strict: false }).now();
        const range = { from: addDays(to, -days), to, actor: ACTOR };
        return app.get(LearnIncremental, { strict: false }).run(range, (rows) => say(`${rows} rows`));
      });
      if (!learned.ok) throw new CommandFailed(learned.error.detail);
      printResult(json, learned.value, () => describe(learned.value));
    });
  registerSwitches(incremental);
}

function registerSwitches(incremental: Command): void {
  const turn = async (
    version: string | null,
    options: { reason?: string; force?: boolean; json?: boolean },
  ) => {
    const asked = { reason: options.reason ?? null, force: options.force ?? false, actor: ACTOR };
    const done = await withService(commandConfig(), (app) =>
      app.get(SwitchIncremental, { strict: false }).run(version, asked),
    );
    if (!done.ok) throw new CommandFailed(done.error.detail);
    printResult(options.json, { serving: done.value }, () =>
      done.value
        ? `The catalogue is valued by head ${done.value.version}.`
        : 'The catalogue is valued by propensity.',
    );
  };
  incremental
    .command('on <version>')
    .description('Value the whole catalogue by this head, if its effects are proven.')
    .option('--reason <text>', 'why; needed with --force')
    .option('--force', 'although its effects are not proven')
    .option('--json', 'print one JSON object')
    .action(turn);
  incremental
    .command('off')
    .description('Value the whole catalogue by propensity again.')
    .option('--reason <text>', 'why')
    .option('--json', 'print one JSON object')
    .action((options: { reason?: string; json?: boolean }) => turn(null, options));
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1)
    throw new InvalidArgumentError('must be a whole number of days, at least 1');
  return days;
}

function describeAll(heads: readonly IncrementalEntry[]): string {
  if (heads.length === 0)
    return 'No head was learned: the catalogue is valued by propensity. Learn one: npm run nba -- incremental learn';
  return heads.map(describe).join('\n\n');
}

const PLACES = 4;

function describe({ version, serving, unproven, card }: IncrementalEntry): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
  return [
    `Head ${version}${serving ? ', serving' : ''}${unproven ? ', unproven' : ''}: ${card.accounts} accounts`,
    table([
      ['OUTCOME', 'SUGGESTED', 'NOTHING', 'ADDS', 'LOW', 'HIGH', 'SLOPE', 'LOW', 'HIGH'],
      ...card.outcomes.map(({ outcomeId, suggested, nothing, averageEffect, slope }) => [
        outcomeId,
        suggested,
        nothing,
        ...[averageEffect.value, averageEffect.low, averageEffect.high].map(figure),
        ...[slope.value, slope.low, slope.high].map(figure),
      ]),
    ]),
  ].join('\n');
}
