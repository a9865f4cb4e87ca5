import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ResponseModel } from '../../src/learning/index.js';
import { rowInputs } from '../../src/learning/dataset/dataset.js';
import { auc, ece } from '../../src/learning/evaluation/metrics.js';
import { readyBackend } from '../../src/learning/tensorflow/backend.tfjs.js';
import {
  additive,
  byActionAlone,
  interacting,
  planted,
  type Truth,
} from '../../src/learning/testing/planted.js';
import { Network } from '../../src/learning/training/network.tfjs.js';
import { type FitSettings } from '../../src/learning/training/fit.js';
import { standardCompetitors, standardTraining } from '../../src/learning/training/settings.js';
import { train } from '../../src/learning/training/train.js';
import { packArtefact, unpackArtefact, versionOf } from '../../src/learning/training/artefact.js';
import { seededRng } from '../../src/shared/index.js';

jest.setTimeout(120_000);

const ROWS = 12_000;
const SMALL_ROWS = 1500;

/** The plain one and the small one of the standard settings, on a smaller network: a training takes seconds. */
const quick: Record<string, FitSettings> = Object.fromEntries(
  Object.entries(standardCompetitors).flatMap(([name, settings]) =>
    name === 'linear' || name === 'small'
      ? [
          [
            name,
            name === 'linear'
              ? { ...settings, epochs: 15 }
              : {
                  ...settings,
                  epochs: 25,
                  architecture: { tower: 24, embedding: 12, candidateTower: 8, joint: 16, product: 4 },
                  bins: 8,
                },
          ],
        ]
      : [],
  ),
);

const trained = (rows: number, truth: Truth, seed = 'planted', competitors = quick) =>
  train(
    planted(rows, truth, seededRng(seed)).dataset,
    { ...standardTraining, seed, members: 2, competitors },
    (architecture, shapes, heads) => new Network(architecture, shapes, heads),
  );

/** What the model serves for fresh rows of the same market, beside the chances that the market knows. */
function onFreshRows(artefact: ConstructorParameters<typeof ResponseModel>[0], truth: Truth) {
  const fresh = planted(6000, truth, seededRng('fresh'));
  const model = new ResponseModel(artefact, 'test');
  const predicted = Float64Array.from({ length: fresh.dataset.rows }, (_, row) => {
    const { account, candidate } = rowInputs(fresh.dataset, row);
    return model.score([{ account, candidates: [candidate] }])[0]?.[0] ?? NaN;
  });
  const happened = fresh.dataset.labels;
  const error =
    predicted.reduce((sum, p, row) => sum + Math.abs(p - (fresh.truth[row] ?? 0)), 0) / predicted.length;
  const best = auc({ predicted: fresh.truth, happened }) ?? 0;
  return { auc: auc({ predicted, happened }) ?? 0, best, ece: ece({ predicted, happened }) ?? 1, error };
}

describe('the response model against a planted truth', () => {
  beforeAll(async () => {
    await readyBackend('wasm');
  });

  it('lets the network win where actions and accounts interact, and comes near the best possible AUC', async () => {
    const { artefact, winner, competed } = await trained(ROWS, interacting);
    expect(winner).not.toBe('linear');
    expect(competed[winner]?.logLoss).toBeLessThan((competed['linear']?.logLoss ?? 0) - 0.05);
    const fresh = onFreshRows(artefact, interacting);
    expect(fresh.best - fresh.auc).toBeLessThan(0.02);
    expect(fresh.error).toBeLessThan(0.08);
    expect(fresh.ece).toBeLessThan(0.03);
  });

  it('keeps to the linear model where effects add up and data is small', async () => {
    const { artefact, winner } = await trained(SMALL_ROWS, additive);
    expect(winner).toBe('linear');
    const fresh = onFreshRows(artefact, additive);
    expect(fresh.best - fresh.auc).toBeLessThan(0.02);
    expect(fresh.ece).toBeLessThan(0.05);
  });

  it('doubts that it matters whom something is sent to only with many touches', async () => {
    const { candidate } = standardCompetitors;
    if (!candidate) throw new Error('it is standard');
    const competitors = { candidate: { ...candidate, epochs: 15 }, ...quick };
    const few = await trained(SMALL_ROWS, byActionAlone, 'planted', competitors);
    expect(Object.keys(few.competed)).toEqual(Object.keys(quick));
    const many = await trained(ROWS, byActionAlone, 'planted', competitors);
    expect(many.winner).toBe('candidate');
  });

  it('gives the same model, to the last bit, for the same data and seed, and another one for another seed', async () => {
    const version = async (seed: string) =>
      versionOf(packArtefact((await trained(SMALL_ROWS, additive, seed)).artefact));
    const first = await version('one');
    expect(await version('one')).toBe(first);
    expect(await version('two')).not.toBe(first);
  });

  it('comes out of its packed form as it went in', async () => {
    const { artefact } = await trained(SMALL_ROWS, additive);
    const packed = packArtefact(artefact);
    const again = unpackArtefact(packed);
    expect(again.weights).toEqual(artefact.weights);
    expect(versionOf(packArtefact(again))).toBe(versionOf(packed));
    expect(() => unpackArtefact({ ...packed, weights: packed.weights.subarray(4) })).toThrow(/shorter/);
  });
});
