import { describe, expect, it } from '@jest/globals';
import { gaussian, pick, seededRng } from '../../shared/index.js';
import type { CandidateInputs } from '../../recommender/index.js';
import { allRows, DatasetBuilder, rowInputs } from '../dataset/dataset.js';
import { rowsOfDataset } from '../dataset/table-dataset.js';
import { auc } from '../evaluation/metrics.js';
import { ResponseModel } from '../serving/response-model.js';
import { readyBackend } from '../tensorflow/backend.tfjs.js';
import { profiles } from '../testing/random-artefact.js';
import { packArtefact, unpackArtefact } from './artefact.js';
import { sigmoid } from './calibration.js';
import { addForests, fitForests, type ForestTask } from './fit-forest.js';
import { forestContributions, forestValue, joinForests, type Forest } from './forest.js';
import { Network } from './network.tfjs.js';
import { standardCompetitors, standardTraining } from './settings.js';
import { train } from './train.js';

const ROWS = 3000;
const SEGMENTS = ['gold', 'silver', 'bronze', null];

/** Who answers: where two numbers have the same sign (exclusive or), more of gold and of those with an unknown number. */
function planted(seed: string) {
  const rng = seededRng(seed);
  const schema = { featureSet: 'test', numbers: ['a', 'b', 'noise'], categories: ['segment'], crosses: [] };
  const builder = new DatasetBuilder(schema, ['opened']);
  const truth = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    const [a, b, noise] = [gaussian(rng), rng.next() < 0.1 ? NaN : gaussian(rng), gaussian(rng)];
    const segment = pick(rng, SEGMENTS);
    const logit = (Number.isNaN(b) ? 1 : 1.5 * Math.sign(a * b)) + (segment === 'gold' ? 1 : 0) - 0.5;
    truth[row] = sigmoid(logit);
    builder.add({
      accountId: String(row),
      at: null,
      inputs: { numbers: Float32Array.of(a, b, noise), categories: [segment] },
      candidate: { ...profiles()[0], crosses: new Float32Array() } as CandidateInputs,
      labels: Float32Array.of(rng.next() < (truth[row] ?? 0) ? 1 : 0),
    });
  }
  return { dataset: builder.build(), truth };
}

const { dataset, truth } = planted('forest');
const rows = allRows(dataset);
const learned = rows.filter((row) => row % 4 !== 0);
const heldOut = rows.filter((row) => row % 4 === 0);
const forest = standardCompetitors['boosted']?.forest;
if (!forest) throw new Error('boosted has a forest');
const grown = (change: Partial<ForestTask> = {}): Forest => {
  const task = {
    dataset,
    rows: learned,
    heldOut,
    forest,
    trees: null,
    omit: new Set<string>(),
    seed: 's',
    ...change,
  };
  const zeros = (of: Int32Array | null) => new Float32Array(of?.length ?? 0);
  const [first] = fitForests(task, { learned: zeros(task.rows), heldOut: zeros(task.heldOut) });
  if (!first) throw new Error('one head, one forest');
  return first;
};
const values = (of: Forest) =>
  Float64Array.from(heldOut, (row) => forestValue(of, rowInputs(dataset, row).account));
const standard = grown();
const happened = Float32Array.from(heldOut, (row) => dataset.labels[row] ?? NaN);

describe('boosted trees on the account', () => {
  it('find what no sum of inputs says, and come near the best possible ranking', () => {
    const best = auc({ predicted: Float64Array.from(heldOut, (row) => truth[row] ?? 0), happened }) ?? 0;
    expect(best - (auc({ predicted: values(standard), happened }) ?? 0)).toBeLessThan(0.03);
  });

  it('give in serving what they give in training, unknown values too', () => {
    const logits = new Float32Array(heldOut.length);
    addForests([standard], dataset, heldOut, logits);
    values(standard).forEach((value, place) => expect(logits[place]).toBeCloseTo(value, 5));
  });

  it('stop before the trees that only remember the rows', () => {
    const shuffled = {
      ...dataset,
      labels: Float32Array.from(rows, (row) => dataset.labels[(row * 7 + 3) % ROWS] ?? 0),
    };
    expect(standard.trees.length).toBeGreaterThan(20);
    expect(grown({ dataset: shuffled }).trees.length).toBeLessThan(20);
  });

  it('grow as many as they are told where no rows stop them, the same ones for the same seed', () => {
    const told = grown({ heldOut: null, trees: [7] });
    expect(told.trees).toHaveLength(7);
    expect(grown({ heldOut: null, trees: [7] })).toEqual(told);
    expect(grown({ heldOut: null, trees: [7], seed: 'another' })).not.toEqual(told);
  });

  it('do not read what is withheld', () => {
    const names = grown({ omit: new Set(['noise', 'segment']), heldOut: null, trees: [1] }).inputs.map(
      ({ name }) => name,
    );
    expect(names).toEqual(['a', 'b']);
  });

  it('tell what each input adds, together the value less that of the roots', () => {
    const roots = standard.trees.reduce((sum, tree) => sum + (tree.value[0] ?? 0), 0);
    for (const row of heldOut.subarray(0, 50)) {
      const { account } = rowInputs(dataset, row);
      const sum = forestContributions(standard, account).reduce((total, added) => total + added, 0);
      expect(sum).toBeCloseTo(forestValue(standard, account) - roots, 9);
    }
  });

  it('add their mean where several serve as one', () => {
    const few = { heldOut: null, trees: [9] };
    const two = [grown({ ...few, seed: 'one' }), grown({ ...few, seed: 'two' })] as const;
    const both = values(joinForests(two));
    const [one, other] = two.map(values) as [Float64Array, Float64Array];
    both.forEach((value, place) =>
      expect(value).toBeCloseTo(((one[place] ?? 0) + (other[place] ?? 0)) / 2, 9),
    );
  });
});

describe('trees in a training', () => {
  it('win over straight lines on inner folds where inputs act together, and serve from an artefact of format 2', async () => {
    await readyBackend('wasm');
    const { linear, boosted } = standardCompetitors;
    if (!linear || !boosted) throw new Error('both are standard');
    const settings = { ...standardTraining, members: 2, competitors: { linear, boosted } };
    const taught = rowsOfDataset(dataset, learned);
    const { artefact, winner, slices, competed } = await train(
      taught,
      settings,
      (architecture, shapes, heads) => new Network(architecture, shapes, heads),
    );
    expect(winner).toBe('boosted');
    expect(slices.every(({ by }) => by === 'accounts')).toBe(true);
    expect(competed['boosted']?.metrics[0]?.rows).toBe(learned.length);
    expect(artefact.format).toBe(2);
    const served = new ResponseModel(unpackArtefact(packArtefact(artefact)), 'test');
    const predicted = Float64Array.from(heldOut, (row) => {
      const { account, candidate } = rowInputs(dataset, row);
      return served.score([{ account, candidates: [candidate] }])[0]?.[0] ?? NaN;
    });
    const best = auc({ predicted: Float64Array.from(heldOut, (row) => truth[row] ?? 0), happened }) ?? 0;
    expect(best - (auc({ predicted, happened }) ?? 0)).toBeLessThan(0.04);
  }, 60_000);
});
