import { describe, expect, it } from '@jest/globals';
import {
  account,
  action,
  channel,
  contact,
  features,
  happened,
  NOW,
  product,
  treatment,
} from '../../../test/support/recommender.js';
import type { InputSchema } from './propensity-model.js';
import { accountInputs, buildInputSchema, candidateInputs, candidateKeys, CrossCells } from './inputs.js';
import { FallbackRules } from './fallback-rules.js';
import { PROFILE_PLACES, profileInputs, profilesOf } from './profile-inputs.js';

const schemas = {
  account: {
    beds: { type: 'number' as const },
    teaching: { type: 'boolean' as const },
    founded: { type: 'date' as const },
    specialty: { type: 'string' as const },
    taxId: { type: 'string' as const, personal: true },
  },
  contact: { age: { type: 'number' as const, personal: true }, years: { type: 'number' as const } },
};
const schema = buildInputSchema(features, schemas);
const { definitions } = features;

function readoutOf(...events: Parameters<typeof happened>[]) {
  const state = features.empty();
  for (const event of events) features.fold(state, happened(...event), { timeZone: 'UTC' });
  return features.read(state, contact().contactId, NOW);
}

describe('the inputs of the model', () => {
  it('are all features and attributes but personal ones and those declared to stay out', () => {
    expect(schema.numbers).toEqual(
      expect.arrayContaining([
        'feature:tenureDays',
        'account:beds',
        'account:teaching',
        'account:founded',
        'contact:years',
      ]),
    );
    expect(schema.categories).toEqual([
      'account:segment',
      'account:region',
      'account:country',
      'account:kind',
      'account:specialty',
    ]);
    expect(schema.crosses).toContain('topicInterest3@topic');
    const left = definitions.filter(({ model }) => model === false).map(({ name }) => name);
    expect(left.length).toBeGreaterThan(0);
    for (const name of [...left.map((feature) => `feature:${feature}`), 'account:taxId', 'contact:age']) {
      expect([...schema.numbers, ...schema.categories]).not.toContain(name);
    }
  });

  it('read an account as numbers, with a date as days ago and NaN where nothing is known', () => {
    const dossier = {
      account: account({ attributes: { beds: 40, teaching: true, founded: '2026-03-02T11:00:00Z' } }),
      contacts: [contact({ attributes: { years: 3 } })],
      team: [],
    };
    const { numbers, categories } = accountInputs(schema, dossier, contact().contactId, readoutOf(), NOW);
    const at = (name: string) => numbers[schema.numbers.indexOf(name)];
    expect([at('account:beds'), at('account:teaching'), at('account:founded'), at('contact:years')]).toEqual([
      40, 1, 2, 3,
    ]);
    expect(at('feature:reads14')).toBeNaN();
    expect(categories).toEqual(['A', 'north', 'DE', 'company', null]);
  });

  it('read keyed features at the own action, product, topics, channel and treatment of a candidate', () => {
    const readout = readoutOf(['Page Viewed', 24, { topic: 'dosage', productId: 'P', channel: 'web' }]);
    const keys = candidateKeys(
      action('a', { topics: ['dosage'] }),
      product('P'),
      channel('web'),
      treatment('a', 't'),
    );
    const { crosses } = candidateInputs(schema, definitions, keys, readout);
    const at = (name: string) => crosses[schema.crosses.indexOf(name)];
    expect(at('topicInterest3@topic')).toBeCloseTo(0.5 ** (1 / 3), 5);
    expect(at('daysSinceTopicInterest@topic')).toBeCloseTo(1, 5);
    expect(at('productInterest3@product')).toBeCloseTo(0.5 ** (1 / 3), 5);
    const other = candidateKeys(action('a', { topics: ['price'] }), product('Q'), channel('call'), null);
    expect([...candidateInputs(schema, definitions, other, readout).crosses].every(Number.isNaN)).toBe(true);
  });

  it('add sums over several topics and take the nearest recency', () => {
    const readout = readoutOf(
      ['Page Viewed', 24, { topic: 'dosage' }],
      ['Page Viewed', 72, { topic: 'safety' }],
    );
    const keys = candidateKeys(
      action('a', { topics: ['dosage', 'safety', 'unknown'] }),
      null,
      channel('call'),
      null,
    );
    const { crosses } = candidateInputs(schema, definitions, keys, readout);
    const at = (name: string) => crosses[schema.crosses.indexOf(name)];
    expect(at('topicInterest3@topic')).toBeCloseTo(0.5 ** (1 / 3) + 0.5, 5);
    expect(at('daysSinceTopicInterest@topic')).toBeCloseTo(1, 5);
  });

  it('are the same whether candidates are read one by one or a catalogue at once', () => {
    const readout = readoutOf(
      ['Page Viewed', 5, { topic: 'dosage', productId: 'P' }],
      ['Email Sent', 9, { actionId: 'a', channel: 'email' }],
    );
    const cells = new CrossCells(schema, definitions);
    const all = ['a', 'b'].flatMap((actionId) =>
      [['dosage'], ['dosage', 'price'], []].map((topics) =>
        candidateKeys(action(actionId, { topics }), product('P'), channel('email'), null),
      ),
    );
    const places = all.map((keys) => cells.placesOf(keys));
    const values = cells.read(readout);
    all.forEach((keys, index) => {
      expect(cells.crossesAt(places[index]!, values)).toEqual(
        candidateInputs(schema, definitions, keys, readout).crosses,
      );
    });
  });
});

describe('the declared rules', () => {
  const rules = new FallbackRules(schema, definitions);
  const propensity = (topics: string[], readout: ReturnType<typeof readoutOf>, kind = 'call') => {
    const keys = candidateKeys(action('a', { topics }), null, channel('c', { kind }), null);
    const candidate = candidateInputs(schema, definitions, keys, readout);
    const inputs = { numbers: new Float32Array(schema.numbers.length), categories: [] };
    return {
      score: rules.score([{ account: inputs, candidates: [candidate] }])[0]![0]!,
      why: rules.contributions(inputs, candidate),
    };
  };

  it('know a chance for every kind of channel, and raise it with the interest shown', () => {
    const interested = readoutOf(
      ['Page Viewed', 1, { topic: 'dosage' }],
      ['Page Viewed', 2, { topic: 'dosage' }],
    );
    const cold = propensity(['dosage'], readoutOf());
    const warm = propensity(['dosage'], interested);
    expect(propensity([], readoutOf(), 'visit').score).toBeGreaterThan(
      propensity([], readoutOf(), 'email').score,
    );
    expect(warm.score).toBeGreaterThan(cold.score);
    expect(cold.why).toEqual([]);
    expect(warm.why[0]).toMatchObject({ input: expect.stringMatching(/^topicInterest\d+@topic$/) });
  });

  it('add up to the logit: contributions explain all that interest adds', () => {
    const interested = readoutOf(['Page Viewed', 1, { topic: 'dosage' }]);
    const logit = (p: number) => Math.log(p / (1 - p));
    const { score, why } = propensity(['dosage'], interested);
    const added = why.reduce((sum, { weight }) => sum + weight, 0);
    expect(logit(score) - logit(propensity(['dosage'], readoutOf()).score)).toBeCloseTo(added, 4);
  });
});

describe('profiles', () => {
  it('are of products and of topics what is remembered the longest', () => {
    expect(profilesOf(definitions)).toEqual(['productEvents90', 'topicInterest60']);
    expect(profilesOf([])).toEqual([]);
  });

  it('hold everything that an account deals with, each key at a place of its own whatever the others are', () => {
    const events = (...productIds: string[]) =>
      productIds.map((productId): Parameters<typeof happened> => ['Product Used', 1, { productId }]);
    const profile = (...of: string[]) => profileInputs(['productEvents90'], readoutOf(...events(...of)));
    const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
    expect(profile()).toEqual(new Float32Array(PROFILE_PLACES));
    const place = (of: string) => profile(of).findIndex((value) => value > 0);
    const both = profile('P', 'P', 'Q');
    expect(both[place('P')]).toBeCloseTo(2 * (both[place('Q')] ?? NaN), 5);
    expect(sum(profile('P', 'Q', 'R', 'S'))).toBeCloseTo(4 * sum(profile('P')), 5);
    const places = new Set(Array.from({ length: 200 }, (_, index) => place(`product-${index}`)));
    expect(places.size).toBeGreaterThan(0.85 * PROFILE_PLACES);
  });

  it('are read only where a schema asks for them', () => {
    const dossier = { account: account(), contacts: [contact()], team: [] };
    const read = (asked: InputSchema) =>
      accountInputs(asked, dossier, contact().contactId, readoutOf(), NOW).profile;
    expect(read(schema)).toBeUndefined();
    expect(read({ ...schema, profiles: ['productEvents90'] })).toHaveLength(PROFILE_PLACES);
  });
});
