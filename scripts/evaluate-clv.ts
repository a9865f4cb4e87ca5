import { type Command, InvalidArgumentError } from 'commander';
import {
  evaluateLifetime,
  evaluateSummaries,
  type LifetimeEvaluation,
  type PurchaseSummary,
} from '../src/insights/index.js';
import { momentOf } from './moments.js';
import { columnsOf, readTable, type Table } from './table-file.js';
import { CommandFailed, printResult, say, table } from './terminal.js';

interface ClvOptions {
  input: string;
  calibrationEnd?: Date;
  holdoutDays?: number;
  drop: string[];
  seed: string;
  json?: boolean;
}

const TRANSACTIONS = ['id', 'date', 'value'] as const;
const SUMMARY = ['x', 't_x', 'T', 'zbar'] as const;

/** `nba evaluate clv`: needs no service and no database. */
export function registerEvaluateClv(evaluate: Command): void {
  evaluate
    .command('clv')
    .description(
      'Lifetime value on a file of purchases: BG/NBD, Pareto/NBD and Gamma-Gamma, judged on what came after.',
    )
    .requiredOption(
      '--input <file>',
      'CSV of transactions (id, date, value) or of summaries (x, t_x, T, zbar); gzip allowed',
    )
    .option('--calibration-end <day>', 'the last day that the models see', momentOf)
    .option('--holdout-days <number>', 'days after it on which they are judged', daysOf)
    .option('--drop <columns>', 'columns to leave out: a,b', columnsOf, [])
    .option('--seed <text>', 'of the intervals', '1')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nTimes are in weeks. Several transactions of a day are one purchase.\n\nExample:\n  $ npm run nba -- evaluate clv --input transactions.csv --calibration-end 2026-06-30 --holdout-days 90 --json',
    )
    .action(async (options: ClvOptions) => {
      const read = await readTable(options.input, { drop: options.drop });
      say(`${read.rows.length} rows read; fitting three models`);
      const evaluation = judged(read, options);
      const { customers, ...figures } = evaluation;
      printResult(options.json, { customers, ...figures }, () => describe(evaluation));
    });
}

function judged(read: Table, { calibrationEnd, holdoutDays, seed }: ClvOptions): LifetimeEvaluation {
  const named = new Map(read.columns.map((column) => [column.toLowerCase(), column]));
  if (SUMMARY.every((column) => read.columns.includes(column))) {
    if (calibrationEnd || holdoutDays !== undefined)
      throw new CommandFailed(
        `${read.path}: summaries have no holdout: leave out --calibration-end and --holdout-days`,
      );
    return evaluateSummaries(
      read.rows.map((row): PurchaseSummary => {
        const repeats = row.number('x');
        return {
          repeats,
          recency: row.number('t_x'),
          age: row.number('T'),
          meanValue: repeats > 0 ? row.number('zbar') : 0,
        };
      }),
    );
  }
  const missing = TRANSACTIONS.filter((column) => !named.has(column));
  if (missing.length > 0)
    throw new CommandFailed(
      `${read.path}, line 1: the header lacks ${missing.join(', ')} (or, for summaries: ${SUMMARY.join(', ')}); it has: ${read.columns.join(', ')}`,
    );
  if (!calibrationEnd || holdoutDays === undefined)
    throw new CommandFailed('Transactions need --calibration-end <day> and --holdout-days <number>');
  const [id = '', date = '', value = ''] = TRANSACTIONS.map((column) => named.get(column));
  const transactions = read.rows.map((row) => ({
    customer: row.required(id),
    at: row.time(date),
    value: row.number(value),
  }));
  return evaluateLifetime(transactions, { calibrationEnd, holdoutDays, seed });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1)
    throw new InvalidArgumentError('must be a whole number of days, at least 1');
  return days;
}

const PLACES = 4;

function describe({ customers, bgNbd, paretoNbd, gammaGamma, holdout }: LifetimeEvaluation): string {
  const row = (name: string, fitted: object): string[] => [
    name,
    Object.entries(fitted)
      .map(([key, value]) => `${key} ${Number(value).toFixed(PLACES)}`)
      .join('  '),
  ];
  return [
    `${customers} customers`,
    table([
      ['MODEL', 'FITTED'],
      row('BG/NBD', bgNbd),
      row('Pareto/NBD', paretoNbd),
      gammaGamma ? row('Gamma-Gamma', gammaGamma) : ['Gamma-Gamma', 'nobody bought again'],
    ]),
    ...(holdout
      ? [
          '',
          table([
            ['PURCHASES AFTER, BY', 'MAE', 'RMSE'],
            ...Object.entries(holdout).map(([name, { mae, rmse }]) => [
              name,
              mae.toFixed(PLACES),
              rmse.toFixed(PLACES),
            ]),
          ]),
        ]
      : []),
  ].join('\n');
}
