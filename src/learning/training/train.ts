import { canonicalJson } from '../../shared/index.js';
import { judge, type Judged, type Metrics } from '../evaluation/metrics.js';
import { allRows, type Dataset } from '../dataset/dataset.js';
import type { Artefact } from './artefact.js';
import { compete, comparison, type Competed, type Named } from './compete.js';
import { type Drift, driftOf } from './drift.js';
import { baseRates, type EpochReport, type FitSettings, type NetworkFactory } from './fit.js';
import { fitCalibrated, fitCrossCalibrated } from './fit-calibrated.js';
import { byActionPredictions, observedRows, withHeads } from './judging.js';
import { slicesOf, type Slices } from './slices.js';
import type { TrainingSettings } from './settings.js';

export interface TrainingProgress extends EpochReport {
  phase: 'compete' | 'refit';
  competitor: string;
}

export interface Trained {
  artefact: Artefact;
  winner: string;
  because: string;
  competed: Record<string, Competed>;
  references: Record<string, Metrics[]>;
  slices: Slices[];
  leftOut: string[];
}

/**
 * Trains the competitors on the earlier rows, or fold by fold where rows have no order, lets the best on the held-out
 * rows win, and fits the winner again on all rows: several members with seeds of their own, which serve as one. Throws
 * when no outcome has enough positives and negatives.
 */
export async function train(
  given: Dataset,
  settings: TrainingSettings,
  network: NetworkFactory,
  onProgress: (progress: TrainingProgress) => void = () => {},
): Promise<Trained> {
  const { dataset, leftOut } = withHeads(given, settings.leastOfEach);
  const slices = slicesOf(dataset, allRows(dataset), settings.seed);
  const rows = allRows(dataset).length;
  const omitted = omissions(dataset, slices, settings);
  const competed: Record<string, Competed> = {};
  let leader: Named | null = null;
  let because = 'it was the only competitor';
  for (const [name, omit] of omitted) {
    const competitor = settings.competitors[name] as FitSettings;
    if (competitor.onlyAfter !== undefined && competitor.onlyAfter !== leader?.name) continue;
    if (readsNothing(competitor) && rows < ENOUGH_TO_DOUBT) continue;
    const report = (epoch: EpochReport) => onProgress({ phase: 'compete', competitor: name, ...epoch });
    const result = await compete(dataset, { settings: competitor, omit }, slices, settings, network, report);
    competed[name] = result;
    const challenger: Named = { name, settings: competitor, result };
    const told = leader && comparison(challenger, leader, dataset, slices);
    if (told) because = told.told;
    if (!told || told.wins) leader = challenger;
  }
  if (!leader) throw new Error('There must be a competitor');
  const omit = omitted.get(leader.name) ?? NOTHING;
  const artefact = await refit(dataset, leader, omit, settings, network, onProgress);
  return {
    artefact,
    winner: leader.name,
    because,
    competed,
    references: references(dataset, slices),
    slices,
    leftOut,
  };
}

/**
 * Touches from which on a model may be chosen that reads nothing of the account. With fewer, that nothing was proved to
 * matter says little, and such a model has no reason to give for anything.
 */
const ENOUGH_TO_DOUBT = 10_000;

function readsNothing({ reads }: FitSettings): boolean {
  return !reads.account && !reads.crosses;
}

/** Touches from which on a tenth of the accounts is enough to calibrate by. */
const ENOUGH_TO_SPARE = 10_000;

/** The winner on all rows, as long as it took while it competed. */
async function refit(
  dataset: Dataset,
  { name, settings: chosen, result }: Named,
  omit: ReadonlySet<string>,
  settings: TrainingSettings,
  network: NetworkFactory,
  onProgress: (progress: TrainingProgress) => void,
): Promise<Artefact> {
  const byChance = chosen.architecture.tower > 0 || chosen.forest !== null;
  const rows = allRows(dataset);
  const fitAll = rows.length < ENOUGH_TO_SPARE ? fitCrossCalibrated : fitCalibrated;
  const { forests, ...last } = await fitAll(
    {
      dataset,
      rows,
      stop: null,
      settings: { ...chosen, epochs: Math.max(1, result.epochs) },
      omit,
      trees: result.trees,
      members: byChance ? settings.members : 1,
    },
    settings,
    network,
    (epoch) => onProgress({ phase: 'refit', competitor: name, ...epoch }),
  );
  return {
    format: forests.length > 0 ? 2 : 1,
    name: settings.name,
    schema: dataset.schema,
    heads: dataset.heads,
    baseRates: baseRates(dataset),
    encoder: last.encoder,
    architecture: last.architecture,
    ...(forests.length > 0 && { forests }),
    calibrators: last.calibrators,
    weights: last.weights,
  };
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The competitors that take part, each with the inputs that it does not read because they drift. One that would read
 * what another of its architecture reads already is left out.
 */
function omissions(
  dataset: Dataset,
  [slice]: readonly Slices[],
  { competitors }: TrainingSettings,
): Map<string, ReadonlySet<string>> {
  const none = new Map<string, Drift>();
  const drift =
    slice?.by === 'time'
      ? driftOf(dataset, slice.fit, Int32Array.from([...slice.stop, ...slice.judge]))
      : none;
  const seen = new Set<string>();
  const taking = new Map<string, ReadonlySet<string>>();
  for (const [name, { drift: limit, ...others }] of Object.entries(competitors)) {
    const omit = [...drift].flatMap(([input, found]) => (beyond(found, limit) ? [input] : []));
    const same = canonicalJson({ ...others, omit });
    if (seen.has(same)) continue;
    seen.add(same);
    taking.set(name, new Set(omit));
  }
  return taking;
}

const beyond = (found: Drift, limit: Drift | null): boolean =>
  limit !== null && (found.moved > limit.moved || found.outside > limit.outside);

function references(dataset: Dataset, slices: readonly Slices[]): Record<string, Metrics[]> {
  const byHead = (predict: (slice: Slices, head: number, rate: number) => Judged): Metrics[] =>
    dataset.heads.map((_, head) => {
      const parts = slices.map((slice) => predict(slice, head, baseRates(dataset, slice.fit)[head] ?? 0));
      const joined = (of: (part: Judged) => ArrayLike<number>) =>
        Float64Array.from(parts.flatMap((part) => Array.from(of(part))));
      return judge({
        predicted: joined(({ predicted }) => predicted),
        happened: joined(({ happened }) => happened),
      });
    });
  return {
    'base-rate': byHead((slice, head, rate) => {
      const { labels } = observedRows(dataset, slice.judge, head);
      return { predicted: new Float64Array(labels.length).fill(rate), happened: labels };
    }),
    'by-action': byHead((slice, head, rate) =>
      byActionPredictions(dataset, slice.fit, slice.judge, head, rate),
    ),
  };
}
