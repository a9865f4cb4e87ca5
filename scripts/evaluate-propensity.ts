import { writeFileSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type Dataset,
  evaluatePropensity,
  type JudgedPropensity,
  NotEnoughToLearn,
  type PropensityEvaluation,
  type PropensitySplit,
  standardTraining,
  type TableColumn,
  tableDataset,
  ThreadTrainer,
} from '../src/learning/index.js';
import { columnsOf, readTable, type Table, timeOf } from './table-file.js';
import { CommandFailed, commandConfig, printResult, say, table } from './terminal.js';

interface PropensityOptions {
  input: string;
  target: string;
  positive?: string;
  split: PropensitySplit;
  drop: string[];
  seed: string;
  predictions?: string;
  json?: boolean;
}

/** `nba evaluate propensity`: needs no service and no database. */
export function registerEvaluatePropensity(evaluate: Command): void {
  evaluate
    .command('propensity')
    .description(
      'The response model on a file of who answered and who did not: the encoder, the choice of capacity and the calibration that serve.',
    )
    .requiredOption('--input <file>', 'CSV with a header, comma or semicolon; gzip allowed')
    .requiredOption('--target <column>', 'what is to be foretold')
    .option('--positive <value>', 'the value of the target that counts (else yes, true, 1)')
    .option('--split <kind>', 'kfold:5 by row number, or time:0.7 in row order', splitOf, splitOf('kfold:5'))
    .option('--drop <columns>', 'columns to leave out: a,b', columnsOf, [])
    .option('--seed <text>', 'the same seed and file give the same answer', '1')
    .option('--predictions <file>', 'write row, part and chance of every judged row there, as CSV')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nMetrics of several folds are means over the folds.\n\nExample:\n  $ npm run nba -- evaluate propensity --input bank.csv --target y --drop duration --split time:0.8 --json',
    )
    .action(async (options: PropensityOptions) => {
      const read = await readTable(options.input, { required: [options.target], drop: options.drop });
      const dataset = datasetOf(read, options);
      say(`${dataset.rows} rows, ${read.columns.length - 1} columns`);
      const evaluation = await evaluated(dataset, options);
      printResult(options.json, evaluation, () => describe(evaluation));
    });
}

async function evaluated(
  dataset: Dataset,
  { split, seed, predictions }: PropensityOptions,
): Promise<PropensityEvaluation> {
  const bar = new SingleBar(
    {
      format: ' part {part} {stage} {bar} {value}/{total} epochs',
      stream: process.stderr,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let shown = '';
  const settings = { ...standardTraining, name: 'propensity', seed };
  const lines = ['row,part,predicted'];
  const onJudged = (part: number, rows: Int32Array, predicted: Float64Array) =>
    rows.forEach((row, place) => lines.push(`${row},${part},${predicted[place]}`));
  try {
    const evaluation = await evaluatePropensity(
      { dataset, split, settings, trainedAt: new Date(0), onJudged },
      new ThreadTrainer(commandConfig().tensorflow),
      (part, parts, { competitor, phase, epoch, epochs }) => {
        const stage = phase === 'refit' ? `${competitor}, all rows` : competitor;
        const about = { part: `${part + 1}/${parts}`, stage: stage.padEnd(24) };
        if (`${part}${stage}` !== shown) {
          if (process.stderr.isTTY) bar.start(epochs, 0, about);
          else say(`part ${about.part}: ${stage}`);
        }
        shown = `${part}${stage}`;
        bar.update(epoch, about);
      },
    );
    if (predictions !== undefined) writeFileSync(predictions, `${lines.join('\n')}\n`);
    return evaluation;
  } catch (cause) {
    if (cause instanceof NotEnoughToLearn) throw new CommandFailed(cause.message);
    throw cause;
  } finally {
    bar.stop();
  }
}

const POSITIVE = new Set(['yes', 'true', '1']);
const MISSING = new Set(['', 'na', 'nan', 'null', 'n/a', '?']);
const DAY = 86_400_000;

function datasetOf({ path, columns, rows }: Table, { target, positive, split }: PropensityOptions): Dataset {
  if (rows.length === 0) throw new CommandFailed(`${path}: the file has a header and no rows`);
  const features = columns.filter((column) => column !== target);
  if (features.length === 0) throw new CommandFailed(`${path}, line 1: there is no column but the target`);
  const labels = rows.map((row) => {
    const text = row.required(target);
    return (positive === undefined ? POSITIVE.has(text.toLowerCase()) : text === positive) ? 1 : 0;
  });
  if (labels.every((label) => label === labels[0])) {
    const wanted = positive === undefined ? 'yes, true or 1; name it with --positive' : `"${positive}"`;
    throw new CommandFailed(`${path}: "${target}" is always or never ${wanted}`);
  }
  const read = features.map((name) =>
    columnOf(
      name,
      rows.map((row) => row.text(name)),
    ),
  );
  return tableDataset(read, labels, split.kind === 'time');
}

/** Numbers where every known value is one, days since 1970 where every one is a time, else a category. */
function columnOf(name: string, texts: readonly string[]): TableColumn {
  const known = texts.map((text) => (MISSING.has(text.toLowerCase()) ? null : text));
  const all = (fits: (text: string) => boolean) => known.every((text) => text === null || fits(text));
  if (all((text) => Number.isFinite(Number(text))))
    return numeric(
      name,
      known.map((text) => (text === null ? NaN : Number(text))),
    );
  if (all((text) => timeOf(text) !== null))
    return numeric(
      name,
      known.map((text) => (text === null ? NaN : (timeOf(text)?.getTime() ?? NaN) / DAY)),
    );
  return { name, kind: 'category', values: known };
}

function numeric(name: string, values: number[]): TableColumn {
  return { name, kind: 'number', values: Float64Array.from(values) };
}

const FOLDS_AT_MOST = 50;

function splitOf(text: string): PropensitySplit {
  const [kind, amount] = text.split(':');
  const number = Number(amount);
  if (kind === 'kfold' && Number.isInteger(number) && number >= 2 && number <= FOLDS_AT_MOST)
    return { kind, folds: number };
  if (kind === 'time' && number > 0 && number < 1) return { kind, share: number };
  throw new InvalidArgumentError('must be kfold:5 (2 to 50 folds) or time:0.7 (a share between 0 and 1)');
}

const PLACES = 4;

function describe(evaluation: PropensityEvaluation): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
  const row = (name: string, judged: JudgedPropensity): string[] => [
    name,
    ...(['auc', 'logLoss', 'brier', 'ece', 'liftAt10'] as const).map((metric) => {
      const { low, high } = judged.intervals[metric];
      return `${figure(judged[metric])} (${figure(low)}-${figure(high)})`;
    }),
  ];
  return [
    `${evaluation.judgedRows} of ${evaluation.rows} rows judged, ${evaluation.positives} positive in all`,
    table([
      ['BY', 'AUC', 'LOG-LOSS', 'BRIER', 'ECE', 'LIFT@10%'],
      row('response model', evaluation),
      row('logistic regression', evaluation.logisticRegression),
      row('base rate', evaluation.baseRate),
    ]),
    ...evaluation.models.map(
      ({ version, winner, because, auc }, part) =>
        `  part ${part + 1}: model ${version} (${winner}), AUC ${figure(auc)}; ${because}`,
    ),
    `Settings ${evaluation.settings}, seed ${evaluation.seed}`,
  ].join('\n');
}
