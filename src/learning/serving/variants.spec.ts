import { describe, expect, it } from '@jest/globals';
import { standardFeatures } from '../../features/index.js';
import {
  CrossCells,
  FallbackRules,
  PropensityModel,
  type ScoringCase,
  type VariantCase,
} from '../../recommender/index.js';
import { seededRng } from '../../shared/index.js';
import { randomArtefact, randomCase } from '../testing/random-artefact.js';
import { ResponseModel } from './response-model.js';

/** The same model, which is not told that its candidates are of a catalogue. */
class OneByOne extends PropensityModel {
  readonly name = 'one by one';
  readonly version = '1';
  readonly inputSchema = null;

  constructor(private readonly model: PropensityModel) {
    super();
  }

  score(cases: readonly ScoringCase[], corrections?: Float32Array[]): Float32Array[] {
    return this.model.score(cases, corrections);
  }

  contributions(): [] {
    return [];
  }
}

const rng = seededRng('variants');
const artefact = randomArtefact({ tower: 24, embedding: 12, candidateTower: 8, joint: 16, product: 4 }, rng);
const trained = new ResponseModel(artefact, 'test');
/** Candidates as a catalogue's variants, with what an account's history gives for half of the cells. */
function variantCase(): VariantCase {
  const { account, candidates } = randomCase(artefact, rng);
  const cells = new CrossCells(artefact.schema, standardFeatures);
  const keys = candidates.map((own) => ({ ...own, crosses: undefined }));
  const places = keys.map((own) => cells.placesOf(own));
  const count = Math.max(...places.flatMap((own) => [...own])) + 1;
  return {
    account,
    variants: { cells, keys, places },
    values: Float32Array.from({ length: count }, () => (rng.next() < 0.5 ? NaN : rng.next() * 10)),
    open: Uint32Array.from(keys.keys()).filter((place) => place % 3 !== 1),
    propensities: new Float32Array(keys.length),
    corrections: new Float32Array(keys.length),
  };
}

describe('the variants of a catalogue', () => {
  it.each([
    ['trained model', trained],
    ['declared rules', new FallbackRules(artefact.schema, standardFeatures)],
  ])('get from a %s the very numbers that their inputs get one by one, account after account', (_, model) => {
    const { variants, open } = variantCase();
    for (let trial = 0; trial < 20; trial += 1) {
      const { account, values } = variantCase();
      const empty = () => new Float32Array(variants.keys.length);
      const columns = { account, variants, values, open, propensities: empty(), corrections: empty() };
      const singly = { ...columns, propensities: empty(), corrections: empty() };
      model.scoreVariants(columns);
      new OneByOne(model).scoreVariants(singly);
      expect(columns.propensities).toEqual(singly.propensities);
      expect(columns.corrections).toEqual(singly.corrections);
      expect(Math.max(...columns.propensities)).toBeGreaterThan(0);
    }
  });
});
