import { beforeAll, describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { encodeCase } from '../training/encoder.js';
import { calibrated } from '../training/calibration.js';
import { forestContributions, forestValue } from '../training/forest.js';
import { Network } from '../training/network.tfjs.js';
import { shapesOf, type Architecture, LINEAR } from '../training/weights.js';
import { widthsOf } from '../training/encoder.js';
import { readyBackend } from '../tensorflow/backend.tfjs.js';
import { randomArtefact, randomCase, withForests } from '../testing/random-artefact.js';
import { ResponseModel } from './response-model.js';

const NETWORK: Architecture = { tower: 24, embedding: 12, candidateTower: 8, joint: 16, product: 4 };

describe('the compiled forward pass', () => {
  beforeAll(async () => {
    expect(await readyBackend('wasm')).toBe('wasm');
  });

  it.each([
    ['network', randomArtefact(NETWORK, seededRng('agreement'))],
    ['linear model', randomArtefact(LINEAR, seededRng('agreement'))],
    [
      'linear model with trees',
      withForests(randomArtefact(LINEAR, seededRng('agreement')), seededRng('trees')),
    ],
  ])('gives the propensities of TensorFlow.js within 1e-5 for a %s', (_, artefact) => {
    const rng = seededRng('cases');
    const { architecture } = artefact;
    const model = new ResponseModel(artefact, 'test');
    const shapes = shapesOf(architecture, widthsOf(artefact.encoder), artefact.heads.length);
    const network = new Network(architecture, shapes, artefact.heads.length);
    let furthest = 0;
    for (let trial = 0; trial < 50; trial += 1) {
      const { account, candidates } = randomCase(artefact, rng);
      const [propensities] = model.score([{ account, candidates }]);
      candidates.forEach((candidate, index) => {
        const rows = encodeCase(artefact.encoder, account, candidate);
        const logits = network.logits(artefact.weights, { rows: 1, ...rows });
        const head = artefact.heads.indexOf(candidate.outcomeId);
        const forest = artefact.forests?.[head];
        const logit = (logits[head] ?? 0) + (forest ? forestValue(forest, account) : 0);
        const expected = calibrated(artefact.calibrators[head] ?? { a: 1, b: 1, c: 0 }, logit);
        furthest = Math.max(furthest, Math.abs((propensities?.[index] ?? 0) - expected));
      });
    }
    expect(furthest).toBeLessThan(1e-5);
  });

  it('answers the mean of the base rates for an outcome that it never learned', () => {
    const rng = seededRng('unknown');
    const artefact = { ...randomArtefact(NETWORK, rng), baseRates: [0.2, 0.4] };
    const model = new ResponseModel(artefact, 'test');
    const { account, candidates } = randomCase(artefact, rng);
    const stranger = candidates.map((candidate) => ({
      ...candidate,
      outcomeId: 'never-seen' as typeof candidate.outcomeId,
    }));
    expect(model.knows('never-seen')).toBe(false);
    expect(model.score([{ account, candidates: stranger }])[0]?.[0]).toBeCloseTo(0.3, 6);
  });

  it('adds up the contributions of a linear model to the difference from the reference', () => {
    const rng = seededRng('contributions');
    const artefact = {
      ...randomArtefact(LINEAR, rng),
      calibrators: [
        { a: 1, b: 1, c: 0 },
        { a: 1, b: 1, c: 0 },
      ],
    };
    const model = new ResponseModel(artefact, 'test');
    const { account, candidates } = randomCase(artefact, rng);
    const candidate = candidates[0];
    if (!candidate) throw new Error('no candidate');
    const means = {
      numbers: account.numbers.map((value, index) =>
        Number.isNaN(value) ? NaN : (artefact.encoder.numbers[index]?.mean ?? 0),
      ),
      categories: account.categories.map(() => null),
    };
    const nobody = { ...candidate, crosses: candidate.crosses.map(() => NaN) };
    const logit = (propensity: number) => Math.log(propensity / (1 - propensity));
    const at = (inputs: typeof account, of: typeof candidate) =>
      logit(model.score([{ account: inputs, candidates: [of] }])[0]?.[0] ?? 0);
    const told = model
      .contributions(account, candidate)
      .filter(({ input }) => !input.startsWith('candidate:'));
    const sum = told.reduce((total, { weight }) => total + weight, 0);
    expect(sum).toBeCloseTo(at(account, candidate) - at(means, nobody), 3);
    expect(Math.abs(told[0]?.weight ?? 0)).toBeGreaterThanOrEqual(Math.abs(told.at(-1)?.weight ?? 0));
  });

  it('tells for each known input what the trees add on their way, beside what the rest says of it', () => {
    const rng = seededRng('explained trees');
    const plain = randomArtefact(LINEAR, rng);
    const grown = withForests(plain, rng);
    const { account, candidates } = randomCase(plain, rng);
    const candidate = candidates[0];
    if (!candidate) throw new Error('no candidate');
    const told = (artefact: typeof plain) =>
      new Map(
        new ResponseModel(artefact, 'test')
          .contributions(account, candidate)
          .map(({ input, weight }) => [input, weight]),
      );
    const [without, beside] = [told(plain), told(grown)];
    const forest = grown.forests?.[grown.heads.indexOf(candidate.outcomeId)];
    if (!forest) throw new Error('a forest for each head');
    const added = forestContributions(forest, account);
    expect(added.some((weight) => weight !== 0)).toBe(true);
    forest.inputs.forEach(({ kind, name, place }, index) => {
      const known =
        kind === 'number' ? !Number.isNaN(account.numbers[place]) : account.categories[place] !== null;
      const input = kind === 'number' ? name : `${name}=${account.categories[place]}`;
      const expected = (without.get(input) ?? 0) + (added[index] ?? 0);
      expect(beside.get(input) ?? 0).toBeCloseTo(known ? expected : 0, 9);
    });
  });

  it('tells the sign and, for a small step, the size of what an input adds through the towers', () => {
    const rng = seededRng('slopes');
    const artefact = {
      ...randomArtefact(NETWORK, rng),
      calibrators: [
        { a: 1, b: 1, c: 0 },
        { a: 1, b: 1, c: 0 },
      ],
    };
    const model = new ResponseModel(artefact, 'test');
    const { account, candidates } = randomCase(artefact, rng);
    const candidate = candidates[0];
    const code = artefact.encoder.numbers[0];
    if (!candidate || !code) throw new Error('no candidate');
    const step = 1e-3 * code.deviation;
    const numbers = account.numbers.slice();
    numbers[0] = code.mean + step;
    const base = account.numbers.slice();
    base[0] = code.mean;
    const logit = (values: Float32Array) => {
      const p =
        model.score([{ account: { ...account, numbers: values }, candidates: [candidate] }])[0]?.[0] ?? 0;
      return Math.log(p / (1 - p));
    };
    const told = model
      .contributions({ ...account, numbers }, candidate)
      .find(({ input }) => input === code.name);
    expect(told?.weight).toBeCloseTo(logit(numbers) - logit(base), 4);
  });
});
