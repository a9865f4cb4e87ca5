import { effectsOf, learnUplift, personalArms, resampled, standardUplift } from '../../src/learning/index.js';
import { digest, pick, seededRng } from '../../src/shared/index.js';
import { type Figure, type Findings, measured } from './figures.js';
import type { Installation } from './installation.js';
import { type Covariates, readCovariates, type Source, sources } from './uplift-truth/covariates.js';
import { drawExperiment, type Experiment } from './uplift-truth/experiment.js';
import { peerEffects, type PeerEffects } from './uplift-truth/peers.js';
import { type Regime, regimeNames } from './uplift-truth/regimes.js';
import { shareOfBestOrder, trueValue } from './uplift-truth/truth.js';

const TEST_ROWS = 8000;
const SIZES = [3000, 5000, 8000] as const;
const BASES = [0.05, 0.1, 0.15, 0.3] as const;
const PEERS: readonly (keyof PeerEffects)[] = ['two-model logistic', 'dependent data representation'];

/** What one experiment says, each method's figure under its name; shares of what the truth would bring. */
interface Judged {
  regime: Regime;
  ranking: Record<'ours' | keyof PeerEffects, number>[];
  /** True mean chance, over that without treatment. */
  policy: Record<'ours' | 'best single arm' | 'best arm of each', number>;
}

/**
 * The learner of `nba evaluate uplift` on experiments whose true effects are known: real people, simulated outcomes.
 * Another seed gives other people, outcomes and effects.
 */
export async function measureUpliftTruth({ config }: Installation, seed: string | null): Promise<Findings> {
  const judged: Judged[] = [];
  for (const source of sources) {
    const covariates = await readCovariates(config.dataDir, source);
    for (const regime of regimeNames) judged.push(judge(covariates, source, regime, seed ?? '1'));
  }
  return {
    importing: {},
    split: {
      experiments: judged.length,
      rowsAnArm: SIZES.join(', '),
      testRows: TEST_ROWS,
      people: sources.join(', '),
    },
    training: { settings: digest(standardUplift).slice(0, 16), seed: seed ?? '1' },
    figures: [
      rankingFigure('all', judged),
      ...regimeNames.map((regime) =>
        rankingFigure(
          regime,
          judged.filter((one) => one.regime === regime),
        ),
      ),
      policyFigure(judged),
    ],
    rescoring: null,
    notes: [
      'Ranking: true effects gathered in the learned order (area under their curve) as a share of what their own ' +
        'order gathers: 1 is perfect, 0 is chance. Two treatments an experiment.',
      'Policy: true mean chance of the outcome under the personal choice over the chance without treatment; the ' +
        'single arm is the one that is best on the training rows.',
      'Intervals come from resampling experiments. What the experiments are is in bench/quality/uplift-truth.',
    ],
  };
}

function judge(covariates: Covariates, source: Source, regime: Regime, seed: string): Judged {
  const name = `uplift-truth:${seed}:${source}:${regime}`;
  const rng = seededRng(name);
  const size = { train: pick(rng, SIZES), test: TEST_ROWS, base: pick(rng, BASES) };
  const experiment = drawExperiment(covariates, regime, size, `${name}:draw`);
  const { data, train } = experiment;
  const arms = data.arms.length;
  const { model } = learnUplift(data, train, standardUplift);
  const { expected, ranking } = effectsOf(model, data);
  const peers = peerEffects(data, train);
  const { personal } = model.chosen;
  const chosen = personalArms(expected, arms, personal);
  const without = trueValue(experiment, () => 0);
  return {
    regime,
    ranking: data.arms.slice(1).map((_, index) => {
      const share = (effects: Float64Array) => shareOfBestOrder(experiment, effects, index + 1);
      return {
        ours: share(ranking),
        'two-model logistic': share(peers['two-model logistic']),
        'dependent data representation': share(peers['dependent data representation']),
      };
    }),
    policy: {
      ours: (trueValue(experiment, (row) => chosen[row] as number) - without) / without,
      'best single arm': (trueValue(experiment, () => personal.usual) - without) / without,
      'best arm of each': (trueValue(experiment, (row) => bestArm(experiment, row)) - without) / without,
    },
  };
}

function bestArm({ data, chances }: Experiment, row: number): number {
  const own = chances.subarray(row * data.arms.length, (row + 1) * data.arms.length);
  return own.indexOf(Math.max(...own));
}

function rankingFigure(what: string, judged: readonly Judged[]): Figure {
  const figures = judged.map(({ ranking }) => ({
    ours: mean(ranking.map(({ ours }) => ours)),
    ...Object.fromEntries(PEERS.map((peer) => [peer, mean(ranking.map((one) => one[peer]))])),
  }));
  return compared(`ranking, ${what}`, figures, PEERS);
}

function policyFigure(judged: readonly Judged[]): Figure {
  const figures = judged.map(({ policy }) => policy);
  const others = ['best single arm', 'best arm of each'];
  return compared('policy, gain over nothing as a share of its outcome', figures, others);
}

/** Means over experiments, with intervals of ours and of each paired difference. */
function compared(
  what: string,
  figures: readonly Record<string, number>[],
  others: readonly string[],
): Figure {
  const names = ['ours', ...others];
  const of = (name: string) => figures.map((one) => one[name] ?? NaN);
  const width = names.length + 1;
  const sums = Float64Array.from(figures.flatMap((one) => [1, ...names.map((name) => one[name] ?? NaN)]));
  const meanAt = (totals: Float64Array, place: number) => (totals[place] ?? NaN) / (totals[0] ?? NaN);
  const [own, ...differences] = resampled(
    { width, sums },
    [
      (totals) => meanAt(totals, 1),
      ...others.map((_, place) => (totals: Float64Array) => meanAt(totals, 1) - meanAt(totals, place + 2)),
    ],
    seededRng(`uplift-truth:${what}`),
  );
  return {
    what,
    ours: mean(of('ours')),
    better: 'higher',
    on: figures.length,
    interval: { low: own?.low ?? null, high: own?.high ?? null },
    references: others.map((name, place) => ({
      ...measured(name, mean(of(name))),
      difference: { low: differences[place]?.low ?? null, high: differences[place]?.high ?? null },
    })),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
