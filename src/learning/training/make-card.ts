import type { Metrics } from '../evaluation/metrics.js';
import type { Dataset } from '../dataset/dataset.js';
import type { ModelCard } from './card.js';
import { observedRows } from './judging.js';
import { allRows } from '../dataset/dataset.js';
import type { Slices } from './slices.js';
import type { Trained } from './train.js';

export interface Circumstances {
  trainedAt: Date;
  seed: string;
  /** By competitor, in seconds. */
  seconds: Readonly<Record<string, number>>;
  tensorflow: string;
  backend: string;
}

/** Fewer positives than this on the held-out slice, and its figures say little. */
const FEW = 100;
/** Expected calibration error above which propensities must not be read as chances. */
const MISCALIBRATED = 0.05;

export function cardOf(trained: Trained, dataset: Dataset, circumstances: Circumstances): ModelCard {
  const { artefact, competed, references, slices } = trained;
  const byOutcome = (metrics: readonly Metrics[]): Record<string, Metrics> =>
    Object.fromEntries(artefact.heads.map((head, index) => [head, metrics[index] as Metrics]));
  const competitors = Object.entries(competed);
  return {
    name: artefact.name,
    trainedAt: circumstances.trainedAt.toISOString(),
    seed: circumstances.seed,
    data: { ...describeData(dataset, artefact.heads), leftOut: trained.leftOut },
    heldOut: { by: heldOutBy(slices), rows: slices.reduce((sum, { judge }) => sum + judge.length, 0) },
    metrics: {
      ...Object.fromEntries(Object.entries(references).map(([name, metrics]) => [name, byOutcome(metrics)])),
      ...Object.fromEntries(competitors.map(([name, { metrics }]) => [name, byOutcome(metrics)])),
    },
    competitors: Object.fromEntries(
      competitors.map(([name, { epochs, logLoss }]) => [
        name,
        { epochs, logLoss, seconds: circumstances.seconds[name] ?? 0 },
      ]),
    ),
    winner: trained.winner,
    because: trained.because,
    limits: limitsOf(trained),
    versions: {
      tensorflow: circumstances.tensorflow,
      backend: circumstances.backend,
      featureSet: artefact.schema.featureSet,
    },
  };
}

const heldOutBy = (slices: readonly Slices[]): Slices['by'] => slices[0]?.by ?? 'accounts';

function describeData(dataset: Dataset, heads: readonly string[]): Omit<ModelCard['data'], 'leftOut'> {
  const times = dataset.at.filter((at) => !Number.isNaN(at));
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  const first = times.reduce<number | undefined>(
    (least, at) => (least === undefined || at < least ? at : least),
    undefined,
  );
  const last = times.reduce<number | undefined>(
    (most, at) => (most === undefined || at > most ? at : most),
    undefined,
  );
  return {
    rows: dataset.rows,
    accounts: dataset.accounts,
    from: iso(first),
    to: iso(last),
    heads: heads.map((outcomeId) => {
      const { labels } = observedRows(dataset, allRows(dataset), dataset.heads.indexOf(outcomeId));
      const positives = labels.reduce((sum, label) => sum + label, 0);
      return {
        outcomeId,
        observed: labels.length,
        positives,
        baseRate: positives / Math.max(1, labels.length),
      };
    }),
  };
}

function limitsOf({ artefact, competed, winner, slices, leftOut }: Trained): string[] {
  const limits = [
    'Trained on touches that were made: of actions never tried on such accounts it only guesses.',
  ];
  if (heldOutBy(slices) === 'accounts')
    limits.push('The rows have no order in time: drift cannot be seen in these figures.');
  for (const head of leftOut)
    limits.push(`Too few examples of "${head}": its propensity is the mean of the base rates.`);
  artefact.heads.forEach((head, index) => {
    const metrics = competed[winner]?.metrics[index];
    if (!metrics) return;
    if (metrics.positives < FEW)
      limits.push(`Only ${metrics.positives} held-out positives of "${head}": its figures are rough.`);
    if ((metrics.ece ?? 0) > MISCALIBRATED)
      limits.push(`"${head}" is calibrated to ${metrics.ece?.toFixed(3)} only.`);
  });
  return limits;
}
