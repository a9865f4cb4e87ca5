import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import type { LifetimeEvaluation } from '../../src/insights/index.js';
import { type Figure, type Findings, measured, published } from './figures.js';
import { type Installation, printed } from './installation.js';

/** What DATA.md has: fitted on the summaries, judged on the 39 weeks after the first 39. */
const FITTED = {
  bgNbd: { r: 0.2426, alpha: 4.4135, a: 0.7929, b: 2.4258, logLikelihood: -9582.43 },
  paretoNbd: { r: 0.5533, alpha: 10.578, s: 0.6062, beta: 11.668, logLikelihood: -9594.97 },
  gammaGamma: { p: 6.249, q: 3.745, v: 15.448 },
} as const;
const MAE = { bgNbd: 0.786, paretoNbd: 0.755 } as const;
const RMSE = { bgNbd: 1.608, paretoNbd: 1.603 } as const;
const NAMES = { bgNbd: 'BG/NBD', paretoNbd: 'Pareto/NBD', gammaGamma: 'Gamma-Gamma' } as const;

/** Largest share by which a parameter may differ: three figures. */
const EQUAL_WITHIN = 1e-3;
const CALIBRATION_END = '1997-09-30';
const HOLDOUT_DAYS = 39 * 7;

/** `nba evaluate clv` beside the published parameters and the holdout errors of the reference implementation. */
export async function measureCdnow(installation: Installation): Promise<Findings> {
  const folder = join(installation.config.dataDir, 'cdnow');
  const evaluate = async (input: string, ...options: string[]): Promise<LifetimeEvaluation> =>
    printed<LifetimeEvaluation>(
      await installation.nba(['evaluate', 'clv', '--input', input, ...options, '--json']),
    );
  const fitted = await evaluate(join(folder, 'sample-summary.csv.gz'));
  const { holdout, customers } = await evaluate(
    transactionsOf(join(folder, 'sample-transactions.csv.gz'), installation.home),
    '--calibration-end',
    CALIBRATION_END,
    '--holdout-days',
    String(HOLDOUT_DAYS),
  );
  if (!holdout) throw new Error('nothing was judged');
  return {
    importing: {},
    split: { calibrationEnd: CALIBRATION_END, holdoutDays: HOLDOUT_DAYS, customers },
    training: null,
    figures: [...parametersOf(fitted), ...errorsOf(holdout, customers)],
    rescoring: null,
    notes: [
      `Parameters are to be equal to three figures, not higher; the run fails when one is further off than ${EQUAL_WITHIN} of it.`,
      'The transactions are handed over with their columns renamed to id, date and value.',
      'Intervals come from resampling customers; those of parameters by one Newton step from the optimum for each resample.',
      'The difference of errors is of the same customers: below 0 ours is nearer to what came. The reference has no errors by customer to pair with.',
    ],
  };
}

function parametersOf(fitted: LifetimeEvaluation): Figure[] {
  return Object.entries(FITTED).flatMap(([model, parameters]) =>
    Object.entries(parameters).map(([name, reference]): Figure => {
      const found = new Map<string, number>(Object.entries(fitted[model as keyof typeof FITTED] ?? {}));
      const ours = found.get(name) ?? NaN;
      if (!(Math.abs(ours - reference) <= EQUAL_WITHIN * Math.abs(reference)))
        throw new Error(`${model}: ${name} is ${ours}, expected ${reference}`);
      return {
        what: `${NAMES[model as keyof typeof FITTED]}, ${name}`,
        ours,
        better: 'higher',
        on: fitted.customers,
        interval: intervalOf(fitted, model, name),
        references: [published('published', reference)],
      };
    }),
  );
}

/** Of the log-likelihood there is none: it is a sum that grows with the customers. */
function intervalOf(
  { intervals }: LifetimeEvaluation,
  model: string,
  name: string,
): { low: number; high: number } | undefined {
  const ofModel = new Map<string, object | null>(Object.entries(intervals)).get(model) ?? {};
  return new Map<string, { low: number; high: number }>(Object.entries(ofModel)).get(name);
}

function errorsOf(holdout: NonNullable<LifetimeEvaluation['holdout']>, customers: number): Figure[] {
  return (['bgNbd', 'paretoNbd'] as const).flatMap((model): Figure[] => [
    {
      what: `${NAMES[model]}, MAE of purchases`,
      ours: holdout[model].mae,
      better: 'lower',
      on: customers,
      interval: holdout[model].maeInterval,
      references: [
        published('reference', MAE[model]),
        { ...measured('rate x/T', holdout.rate.mae), difference: holdout[model].maeAgainstRate },
      ],
    },
    {
      what: `${NAMES[model]}, RMSE of purchases`,
      ours: holdout[model].rmse,
      better: 'lower',
      on: customers,
      interval: holdout[model].rmseInterval,
      references: [published('reference', RMSE[model]), measured('rate x/T', holdout.rate.rmse)],
    },
  ]);
}

/** The same transactions under the names that the command asks for. */
function transactionsOf(path: string, folder: string): string {
  const [, ...rows] = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const named = rows.map((row) => {
    const [id = '', date = '', , price = ''] = row.split(',');
    return [id, date, price].join(',');
  });
  const renamed = join(folder, 'cdnow-transactions.csv');
  writeFileSync(renamed, `id,date,value\n${named.join('\n')}\n`);
  return renamed;
}
