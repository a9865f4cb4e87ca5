import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  evaluateUplift,
  type RandomisedRows,
  standardUplift,
  TooFewRows,
  type UpliftEvaluation,
} from '../src/learning/index.js';
import { seededRng } from '../src/shared/index.js';
import { columnsOf, readTable, type Table } from './table-file.js';
import { CommandFailed, printResult, say, table } from './terminal.js';
import { type FoldsAsked, foldsAsked, foldsOfTable } from './table-folds.js';

interface UpliftOptions {
  input: string;
  treatment: string;
  control: string;
  outcome: string;
  drop: string[];
  split: FoldsAsked;
  seed: string;
  choices?: string;
  json?: boolean;
}

const RESAMPLES = 1000;

/** `nba evaluate uplift`: needs no service and no database. */
export function registerEvaluateUplift(evaluate: Command): void {
  evaluate
    .command('uplift')
    .description(
      'What treatments change, and for whom, from the rows of an experiment: a doubly robust learner, judged on rows it did not see.',
    )
    .requiredOption('--input <file>', 'CSV with treatment, outcome and features; gzip allowed')
    .requiredOption('--treatment <column>', 'which arm a row got')
    .requiredOption('--control <value>', 'what it says of rows without treatment')
    .requiredOption('--outcome <column>', 'yes and no (yes, true, 1), or an amount')
    .option('--drop <columns>', 'columns that are no features, separated by commas', columnsOf, [])
    .option('--split <kind>', 'kfold:<k> by row number, or time:<share> in row order', foldsAsked, {
      kind: 'kfold',
      folds: 5,
    })
    .option('--seed <text>', 'seed of the resampling', '1')
    .option('--choices <file>', 'write the arm that the policy chooses for each row there, as CSV')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- evaluate uplift --input hillstrom.csv.gz --treatment treatment --control "No E-Mail" --outcome visit --drop conversion,spend --json',
    )
    .action(
      async ({ input, treatment, control, outcome, drop, split, seed, choices, json }: UpliftOptions) => {
        const read = await readTable(input, { required: [treatment, outcome], drop });
        const data = randomisedRows(read, { treatment, control, outcome });
        say(
          `${data.rows} rows, ${data.arms.length} arms, ${data.numbers.length + data.categories.length} features`,
        );
        const evaluation = evaluated(data, split, seed, choices);
        printResult(json, evaluation, () => describe(evaluation));
      },
    );
}

function evaluated(
  data: RandomisedRows,
  split: FoldsAsked,
  seed: string,
  choices?: string,
): UpliftEvaluation {
  const write = (rows: Int32Array, chosen: Int32Array) => {
    if (choices === undefined) return;
    const lines = Array.from(rows, (row) => `${row},"${data.arms[chosen[row] ?? 0]}"`);
    writeFileSync(choices, `${['row,arm', ...lines].join('\n')}\n`);
  };
  try {
    return evaluateUplift({
      data,
      folds: foldsOfTable(data.rows, split),
      settings: standardUplift,
      resamples: RESAMPLES,
      rng: seededRng(`uplift:${seed}`),
      onProgress: (done, total) => say(`fold ${done} of ${total}`),
      onChosen: write,
    });
  } catch (cause) {
    if (cause instanceof TooFewRows) throw new CommandFailed(cause.message);
    throw cause;
  }
}

/** A column is a number where every value is one or is missing; else a category. */
export function randomisedRows(
  { path, columns, rows }: Table,
  { treatment, control, outcome }: { treatment: string; control: string; outcome: string },
): RandomisedRows {
  if (rows.length === 0) throw new CommandFailed('The file has a header and no rows');
  const named = new Set(rows.map((row) => row.required(treatment)));
  if (!named.delete(control))
    throw new CommandFailed(
      `${path}: "${treatment}" is nowhere "${control}" (it is: ${[...named].slice(0, 10).join(', ')})`,
    );
  if (named.size === 0) throw new CommandFailed(`${path}: "${treatment}" is "${control}" in every row`);
  const arms = [control, ...[...named].sort()];
  const places = new Map(arms.map((name, arm) => [name, arm]));
  const features = columns.filter((column) => column !== treatment && column !== outcome);
  const isNumber = (column: string) =>
    rows.every((row) => row.text(column) === '' || Number.isFinite(Number(row.text(column))));
  const numeric = features.filter(isNumber);
  return {
    rows: rows.length,
    arms,
    arm: Int32Array.from(rows, (row) => places.get(row.text(treatment)) ?? 0),
    outcome: outcomesOf(rows, outcome),
    numbers: numeric.map((name) => ({
      name,
      values: Float64Array.from(rows, (row) => (row.text(name) === '' ? NaN : Number(row.text(name)))),
    })),
    categories: features
      .filter((column) => !numeric.includes(column))
      .map((name) => {
        const values = [...new Set(rows.map((row) => row.text(name)))].filter((value) => value !== '').sort();
        const codes = new Map(values.map((value, code) => [value, code]));
        return { name, values, codes: Int32Array.from(rows, (row) => codes.get(row.text(name)) ?? -1) };
      }),
  };
}

const YES = new Set(['yes', 'true', 'y']);
const NO = new Set(['no', 'false', 'n']);

function outcomesOf(rows: Table['rows'], column: string): Float64Array {
  return Float64Array.from(rows, (row) => {
    const text = row.required(column).toLowerCase();
    if (YES.has(text)) return 1;
    return NO.has(text) ? 0 : row.number(column);
  });
}

const PLACES = 4;

function describe(evaluation: UpliftEvaluation): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
  const between = ({ low, high }: { low: number | null; high: number | null }) =>
    `${figure(low)} to ${figure(high)}`;
  const { arms, policyValue, policyInterval, bestSingleArm, difference } = evaluation;
  return [
    `${evaluation.rows} rows, ${evaluation.assignment}, against "${evaluation.control}"`,
    table([
      ['ARM', 'ROWS', 'EFFECT', 'QINI', '95 %', 'AUUC', 'UPLIFT@10%', 'UPLIFT@30%'],
      ...Object.entries(arms).map(([name, one]) => [
        name,
        one.rows,
        figure(one.averageEffect),
        figure(one.qini),
        between(one.intervals.qini),
        figure(one.auuc),
        figure(one.upliftAt10),
        figure(one.upliftAt30),
      ]),
    ]),
    '',
    table([
      ['MEAN OUTCOME WHEN', 'VALUE', '95 %'],
      ['each row gets its best arm', figure(policyValue), between(policyInterval)],
      [`everybody gets ${bestSingleArm.arm}`, figure(bestSingleArm.value), between(bestSingleArm)],
      ['difference', figure(difference.value), between(difference)],
    ]),
  ].join('\n');
}
