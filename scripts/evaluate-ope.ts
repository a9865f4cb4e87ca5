import { type Command, InvalidArgumentError } from 'commander';
import {
  type Estimate,
  evaluatePolicy,
  type LoggedDecision,
  type OffPolicySettings,
  type PolicyValue,
  standardOffPolicy,
} from '../src/learning/index.js';
import { seededRng } from '../src/shared/index.js';
import { columnsOf, readTable, type TableRow } from './table-file.js';
import { CommandFailed, printResult, table } from './terminal.js';

interface OpeOptions {
  input: string;
  clip: number;
  switchTau: number;
  seed: string;
  drop: string[];
  json?: boolean;
}

const NEEDED = ['action', 'reward', 'inclusion_probability', 'evaluation_probability'];
const REGRESSION = ['expected_reward_of_logged_action', 'expected_reward_under_evaluation_policy'] as const;

/** `nba evaluate ope`: needs no service and no database. */
export function registerEvaluateOpe(evaluate: Command): void {
  evaluate
    .command('ope')
    .description(
      'Off-policy evaluation: what another policy would have earned, from the log of the one that decided.',
    )
    .requiredOption(
      '--input <file>',
      `CSV with columns ${NEEDED.join(', ')}; optionally account, ${REGRESSION.join(', ')}; gzip allowed`,
    )
    .option('--clip <weight>', 'largest weight of the clipped estimate', aboveZero, standardOffPolicy.clip)
    .option(
      '--switch-tau <weight>',
      'with larger weights the switch estimate believes the regression',
      aboveZero,
      standardOffPolicy.switchTau,
    )
    .option('--seed <text>', 'seed of the resampling', '1')
    .option('--drop <columns>', 'columns to pass over, separated by commas', columnsOf, [])
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- decisions export --format csv --policy greedy --output log.csv\n  $ npm run nba -- evaluate ope --input log.csv --json',
    )
    .action(async ({ input, clip, switchTau, seed, drop, json }: OpeOptions) => {
      const log = await readLog(input, drop);
      const value = valueOf(log, { clip, switchTau }, seed);
      printResult(json, value, () => describe(value, log.length));
    });
}

function valueOf(log: readonly LoggedDecision[], settings: OffPolicySettings, seed: string): PolicyValue {
  if (log.length === 0) throw new CommandFailed('The file has a header and no rows');
  return evaluatePolicy(log, seededRng(`ope:${seed}`), settings);
}

/** Throws `CommandFailed` that names the line of a value that cannot be. */
export async function readLog(path: string, drop: readonly string[]): Promise<LoggedDecision[]> {
  const read = await readTable(path, { required: NEEDED, drop });
  const has = (column: string) => read.columns.includes(column);
  if (REGRESSION.some(has) && !REGRESSION.every(has)) {
    throw new CommandFailed(`${path}: ${REGRESSION.join(' and ')} come together; drop the one with --drop`);
  }
  return read.rows.map((row) => decisionOf(row, has));
}

function decisionOf(row: TableRow, has: (column: string) => boolean): LoggedDecision {
  row.required('action');
  const [ofLogged, under] = REGRESSION;
  const inclusionProbability = probability(row, 'inclusion_probability');
  if (inclusionProbability === 0)
    throw row.wrong('inclusion_probability', 'must be above 0: what was logged was taken');
  return {
    account: has('account') ? row.required('account') : null,
    reward: row.number('reward'),
    inclusionProbability,
    evaluationProbability: probability(row, 'evaluation_probability'),
    expectedOfLogged: has(ofLogged) ? row.number(ofLogged) : null,
    expectedUnderEvaluation: has(under) ? row.number(under) : null,
  };
}

function probability(row: TableRow, column: string): number {
  const value = row.number(column);
  if (value < 0 || value > 1) throw row.wrong(column, `must be from 0 to 1, not ${value}`);
  return value;
}

function aboveZero(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

const PLACES = 6;

function describe(value: PolicyValue, decisions: number): string {
  const figure = (number: number | null) => (number === null ? '-' : number.toFixed(PLACES));
  const row = ([name, estimate]: [string, Estimate]) => [
    name,
    figure(estimate.value),
    figure(estimate.low),
    figure(estimate.high),
  ];
  return [
    `Expected reward per decision, from ${decisions} logged ones`,
    table([['ESTIMATE', 'VALUE', 'LOW', 'HIGH'], ...Object.entries(value).map(row)]),
  ].join('\n');
}
