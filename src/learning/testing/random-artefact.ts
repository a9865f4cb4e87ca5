import type { ActionId, ChannelId, OutcomeId, ProductId } from '../../catalogue/index.js';
import { gaussian, integerBelow, pick, type Rng } from '../../shared/index.js';
import type { AccountInputs, CandidateInputs } from '../../recommender/index.js';
import type { Artefact } from '../training/artefact.js';
import { candidateFields, fieldValues, widthsOf, type Encoder } from '../training/encoder.js';
import type { ForestInput, Tree } from '../training/forest.js';
import type { NumberCode } from '../training/number-code.js';
import type { CandidateProfile } from '../dataset/dataset.js';
import { shapesOf, weightNames, type Architecture, type Weights } from '../training/weights.js';

const ACTIONS = 5;
const CHANNELS = 3;
const HEADS = ['opened', 'bought'];
const UNKNOWN_SHARE = 0.3;

/** The candidates of a made-up catalogue. */
export function profiles(actions = ACTIONS, channels = CHANNELS): CandidateProfile[] {
  return Array.from({ length: actions * channels }, (_, index) => {
    const action = index % actions;
    const channel = Math.floor(index / actions);
    return {
      actionId: `action-${action}` as ActionId,
      channelId: `channel-${channel}` as ChannelId,
      treatmentId: null,
      productId: `product-${action % 2}` as ProductId,
      topics: [`topic-${action % 3}`],
      intent: 'offer',
      purpose: 'marketing',
      outcomeId: (HEADS[action % HEADS.length] ?? '') as OutcomeId,
      channelKind: 'email',
    };
  });
}

function numberCode(name: string, index: number): NumberCode {
  const knots = index % 3 === 0 ? [] : [-1.5, -0.5, 0, 0.7, 1.8];
  return { name, low: -1.5, high: 1.8, mean: 0.1 * index, deviation: 0.5 + 0.1 * index, knots };
}

/** A model with random weights over a made-up catalogue: to compare ways to compute it, never to decide by. */
export function randomArtefact(
  architecture: Architecture,
  rng: Rng,
  sizes = { numbers: 8, crosses: 6 },
): Artefact {
  const names = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${kind}${index}`);
  const known = profiles();
  const encoder: Encoder = {
    numbers: names('feature:n', sizes.numbers).map(numberCode),
    categories: [{ name: 'account:segment', values: ['gold', 'silver'] }],
    candidate: candidateFields.map((field) => ({
      field,
      values: [...new Set(known.flatMap((profile) => fieldValues(profile, field)))],
    })),
    crosses: names('cross', sizes.crosses).map((name, index) => numberCode(`${name}@action`, index)),
  };
  const shapes = shapesOf(architecture, widthsOf(encoder), HEADS.length);
  const weights = Object.fromEntries(
    weightNames.map((name) => [
      name,
      Float32Array.from({ length: shapes[name][0] * shapes[name][1] }, () => gaussian(rng) * 0.3),
    ]),
  ) as Weights;
  return {
    format: 1,
    name: 'random',
    schema: {
      featureSet: 'test',
      numbers: encoder.numbers.map(({ name }) => name),
      categories: encoder.categories.map(({ name }) => name),
      crosses: encoder.crosses.map(({ name }) => name),
    },
    heads: HEADS,
    baseRates: [0.3, 0.1],
    encoder,
    architecture,
    calibrators: [
      { a: 0.9, b: 1.1, c: 0.1 },
      { a: 1, b: 1, c: 0 },
    ],
    weights,
  };
}

/** One account with a candidate for each profile; some inputs unknown, some beyond what was seen in training. */
export function randomCase(
  artefact: Artefact,
  rng: Rng,
  known = profiles(),
): { account: AccountInputs; candidates: CandidateInputs[] } {
  const value = () => (rng.next() < UNKNOWN_SHARE ? NaN : gaussian(rng) * 1.5);
  return {
    account: {
      numbers: Float32Array.from({ length: artefact.schema.numbers.length }, value),
      categories: artefact.schema.categories.map(() => pick(rng, ['gold', 'silver', 'unheard-of', null])),
    },
    candidates: known.map((profile) => ({
      ...profile,
      crosses: Float32Array.from({ length: artefact.schema.crosses.length }, value),
    })),
  };
}

/** The model with made-up trees on its numbers and categories, for each head. */
export function withForests(artefact: Artefact, rng: Rng): Artefact {
  const { numbers, categories } = artefact.encoder;
  const inputs: ForestInput[] = [
    ...numbers.map(({ name }, place): ForestInput => ({ name, place, kind: 'number', cuts: [-1, 0, 0.5] })),
    ...categories.map(({ name, values }, place): ForestInput => ({
      name,
      place,
      kind: 'category',
      values: [...values],
    })),
  ];
  const stump = (): Tree => ({
    input: [integerBelow(rng, inputs.length), -1, -1],
    cut: [1 + integerBelow(rng, 2), -1, -1],
    unknownLeft: [integerBelow(rng, 2), 0, 0],
    left: [1, -1, -1],
    right: [2, -1, -1],
    value: [0, gaussian(rng) * 0.3, gaussian(rng) * 0.3],
  });
  const forests = artefact.heads.map(() => ({ inputs, trees: Array.from({ length: 20 }, stump) }));
  return { ...artefact, format: 2, forests };
}
