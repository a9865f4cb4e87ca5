import { type Command, InvalidArgumentError } from 'commander';
import { type BanditReplay, type LoggedRound, replayBandit, standardReplay } from '../src/learning/index.js';
import { columnsOf, readTable, type Table } from './table-file.js';
import { CommandFailed, printResult, table } from './terminal.js';

interface ReplayOptions {
  input: string;
  seed: string;
  gamma: number;
  drop: string[];
  json?: boolean;
}

const NEEDED = ['action', 'reward'];

/** `nba evaluate bandit-replay`: needs no service and no database. */
export function registerEvaluateBanditReplay(evaluate: Command): void {
  evaluate
    .command('bandit-replay')
    .description(
      'How our learning and exploration would have fared on a bandit log whose actions were drawn uniformly.',
    )
    .requiredOption(
      '--input <file>',
      'CSV with columns action, reward (from 0 to 1) and features, in the order in which it happened; gzip allowed',
    )
    .option('--seed <text>', 'seed of the exploration', '1')
    .option('--gamma <number>', 'the larger, the less is explored', aboveZero, standardReplay.gamma)
    .option('--drop <columns>', 'columns that are no features, separated by commas', columnsOf, [])
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- evaluate bandit-replay --input log.csv.gz --drop timestamp --json',
    )
    .action(async ({ input, seed, gamma, drop, json }: ReplayOptions) => {
      const rounds = roundsOf(await readTable(input, { required: NEEDED, drop }));
      const replay = replayed(rounds, { ...standardReplay, seed, gamma });
      printResult(json, replay, () => describe(replay));
    });
}

function replayed(
  rounds: readonly LoggedRound[],
  settings: Parameters<typeof replayBandit>[1],
): BanditReplay {
  try {
    return replayBandit(rounds, settings);
  } catch (cause) {
    throw new CommandFailed(cause instanceof Error ? cause.message : String(cause));
  }
}

/** A column is a number where every value is one or is missing; else a category. */
function roundsOf({ columns, rows }: Table): LoggedRound[] {
  const features = columns.filter((column) => !NEEDED.includes(column));
  const isNumber = (column: string) =>
    rows.every((row) => row.text(column) === '' || Number.isFinite(Number(row.text(column))));
  const numbers = features.filter(isNumber);
  const categories = features.filter((column) => !numbers.includes(column));
  return rows.map((row) => {
    const reward = row.number('reward');
    if (reward < 0 || reward > 1)
      throw row.wrong('reward', `must be from 0 to 1, not ${reward}: divide by the largest there can be`);
    return {
      action: row.required('action'),
      reward,
      numbers: numbers.map((column) => (row.text(column) === '' ? NaN : Number(row.text(column)))),
      categories: categories.map((column) => row.text(column)),
    };
  });
}

function aboveZero(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

const PLACES = 4;

function describe({ rounds, actions, accepted, meanReward, first800, logged }: BanditReplay): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
  return [
    `${rounds} rounds of ${actions} actions; ${accepted} accepted`,
    table([
      ['MEAN REWARD', ''],
      ['all accepted', figure(meanReward)],
      ['the first 800', figure(first800)],
      ['the log itself', figure(logged)],
    ]),
  ].join('\n');
}
