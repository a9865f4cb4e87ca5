import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ContactId } from '../catalogue/index.js';
import type { AccountEvent, EventProperties } from '../events/index.js';
import { compileFeatureSet } from './compile-feature-set.js';
import type { FeatureDefinition } from './definitions/definition.js';
import { standardFeatures } from './definitions/standard.js';
import type { AccountState, FeatureReadout, FeatureSet } from './feature-set.js';
import { KEYS_KEPT } from './store/account-state.js';
import { at, event } from '../../test/support/features.js';

const featureSet = compileFeatureSet(standardFeatures);
const ana = 'ana' as ContactId;
const ben = 'ben' as ContactId;
const context = { timeZone: 'Europe/Berlin' };

function fold(events: readonly AccountEvent[], set: FeatureSet = featureSet): AccountState {
  const state = set.empty();
  for (const each of events) set.fold(state, each, context);
  return state;
}

/** Every value of a readout, by name and key. */
function everything(readout: FeatureReadout, definitions = featureSet.definitions): Map<string, number> {
  const values = new Map<string, number>();
  for (const { name, by } of definitions) {
    const keys = by === undefined ? [undefined] : [...readout.keys(name)].sort();
    for (const key of keys) {
      const value = readout.value(name, key);
      if (value !== undefined) values.set(`${name}/${key ?? ''}`, value);
    }
  }
  readout.histogram('activityHours')?.forEach((share, hour) => values.set(`hour/${hour}`, share));
  return values;
}

const exact = new Set(
  featureSet.definitions
    .filter(({ kind }) => !['decayed-sum', 'rate', 'mean'].includes(kind))
    .map(({ name }) => name),
);
const TOLERANCE = 1e-9;

/**
 * Where two readouts differ: counts and times must agree exactly, sums to 1e-9 of their size (means, whose terms
 * cancel, to 1e-9).
 */
function differences(found: FeatureReadout, wanted: FeatureReadout, tolerance = TOLERANCE): string[] {
  const [left, right] = [everything(found), everything(wanted)];
  const missing = [...left.keys()].filter((name) => !right.has(name));
  const wrong = [...right].filter(([name, value]) => {
    const mean = name.startsWith('sentiment') || name.startsWith('topicSentiment');
    const allowed = exact.has(name.split('/')[0] ?? '') ? 0 : tolerance * (mean ? 1 : Math.abs(value));
    return !(Math.abs((left.get(name) ?? NaN) - value) <= allowed);
  });
  return [...missing, ...wrong.map(([name, value]) => `${name}: ${left.get(name)}, not ${value}`)];
}

const arbitraryEvent = fc
  .record({
    name: fc.constantFrom(
      'Page Viewed',
      'Email Sent',
      'Email Opened',
      'Email Replied',
      'Message Sent',
      'Visit Logged',
      'Offer Viewed',
      'Order Completed',
      'Question Asked',
      'Question Answered',
      'Complaint Opened',
      'Complaint Closed',
      'Preference Stated',
      'Quote Given',
      'Response Negative',
      'Something Else',
    ),
    daysAgo: fc.integer({ min: 0, max: 400 * 24 * 60 }).map((minutes) => minutes / 24 / 60),
    contactId: fc.constantFrom(ana, ben, null),
    properties: fc.record(
      {
        channel: fc.constantFrom('email', 'web', 'visit'),
        actionId: fc.constantFrom('a1', 'a2'),
        productId: fc.constantFrom('p1', 'p2'),
        productIds: fc.constantFrom(['p1', 'p3'], ['p2']),
        topic: fc.constantFrom('efficacy', 'دوز'),
        treatmentId: fc.constantFrom('t1', 't2'),
        role: fc.constantFrom('marketing', 'service'),
        value: fc.double({ min: 0, max: 5000, noNaN: true }),
        sentiment: fc.double({ min: -1, max: 1, noNaN: true }),
        likes: fc.boolean(),
        stage: fc.constantFrom('aware', 'act', 'nonsense'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ daysAgo, properties, ...rest }) =>
    event({ ...rest, occurredAt: at(-daysAgo), properties: { ...properties } as EventProperties }),
  );

const arbitraryHistory = fc.array(arbitraryEvent, { maxLength: 60 });
const contacts = [ana, ben, null];

describe('the fold of events', () => {
  it('does not depend on their order', () => {
    const reordered = arbitraryHistory.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(reordered, ([events, shuffled]) => {
        const [one, other] = [fold(events), fold(shuffled)];
        for (const contact of contacts)
          expect(
            differences(featureSet.read(other, contact, at(0)), featureSet.read(one, contact, at(0))),
          ).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on how they are batched, with the state saved in between', () => {
    fc.assert(
      fc.property(fc.array(arbitraryHistory, { maxLength: 5 }), (batches) => {
        let saved = featureSet.encode(featureSet.empty());
        for (const batch of batches) {
          const state = featureSet.decode(saved, featureSet.version);
          for (const each of batch) featureSet.fold(state, each, context);
          saved = featureSet.encode(state);
        }
        const restored = featureSet.decode(saved, featureSet.version);
        const once = fold(batches.flat());
        for (const contact of contacts)
          expect(
            differences(featureSet.read(restored, contact, at(0)), featureSet.read(once, contact, at(0)), 0),
          ).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('reads the whole account as if its contacts had been one', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        const asOne = fold(events.map((each) => ({ ...each, contactId: ana })));
        expect(
          differences(featureSet.read(fold(events), null, at(0)), featureSet.read(asOne, ana, at(0))),
        ).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a readout', () => {
  it('keeps contacts apart, and shares what belongs to the account', () => {
    const state = fold([
      event({ name: 'Email Opened', contactId: ana, occurredAt: at(-2) }),
      event({ name: 'Order Completed', contactId: ben, occurredAt: at(-1), properties: { value: 50 } }),
    ]);
    const seenWithBen = featureSet.read(state, ben, at(0));
    expect(seenWithBen.value('responses')).toBeUndefined();
    expect(seenWithBen.value('orders')).toBe(1);
    expect(featureSet.read(state, ana, at(0)).value('responses')).toBe(1);
    expect(featureSet.read(state, 'nobody' as ContactId, at(0)).value('orders')).toBe(1);
  });

  it('gives expressions a natural value for what is not known', () => {
    const scalars = featureSet.read(featureSet.empty(), ana, at(0)).scalars();
    expect(scalars).toMatchObject({
      daysSinceVisit: Infinity,
      spend90: 0,
      orders: 0,
      stage: 0,
      responseRate: 0.2,
      tenureDays: 0,
    });
    const unkeyed = standardFeatures.filter(({ by }) => by === undefined).map(({ name }) => name);
    expect(Object.keys(scalars).sort()).toEqual(unkeyed.sort());
    expect(Object.values(scalars).some(Number.isNaN)).toBe(false);
  });

  it('wants a key where a feature has keys, and none where it has none', () => {
    const state = fold([event({ name: 'Page Viewed', properties: { topic: 'price' } })]);
    const readout = featureSet.read(state, ana, at(0));
    expect(readout.value('topicInterest3', 'price')).toBe(1);
    expect(readout.value('topicInterest3')).toBeUndefined();
    expect(readout.value('reads3', 'price')).toBeUndefined();
    expect(readout.value('noSuchFeature')).toBeUndefined();
    expect(readout.keys('topicInterest3')).toEqual(['price']);
    expect(readout.keys('reads3')).toEqual([]);
  });
});

describe('amounts by product', () => {
  const spent = (properties: AccountEvent['properties'], product: string): number | undefined =>
    featureSet
      .read(fold([event({ name: 'Order Completed', occurredAt: at(0), properties })]), ana, at(0))
      .value('productSpend90', product);

  it('are those of its own lines', () => {
    const properties: EventProperties = {
      productIds: ['p1', 'p2'],
      value: 100,
      products: [
        { product_id: 'p1', price: 10, quantity: 3 },
        { product_id: 'p2', price: '70' },
      ],
    };
    expect([spent(properties, 'p1'), spent(properties, 'p2')]).toEqual([30, 70]);
  });

  it('are equal parts where the event does not say', () => {
    expect(spent({ productIds: ['p1', 'p2'], value: 100 }, 'p1')).toBe(50);
    expect(spent({ productId: 'p1', value: 100 }, 'p1')).toBe(100);
  });

  it('leave out what is no amount', () => {
    expect(spent({ productId: 'p1', value: 1e300 }, 'p1')).toBeUndefined();
  });
});

describe('a feature set', () => {
  const definition: FeatureDefinition = {
    name: 'visits',
    kind: 'count',
    per: 'account',
    by: 'topic',
    events: ['Visit Logged'],
    where: { held: true },
    unit: 'visits',
    description: 'Visits that took place',
  };

  it('names all that is wrong with its definitions at once', () => {
    const wrong = [
      definition,
      { ...definition, unit: '' },
      { ...definition, name: 'Bad name', kind: 'decayed-sum', halfLifeDays: 0 },
      { ...definition, name: 'odd', kind: 'wavelet' },
      { ...definition, name: 'share', kind: 'rate', bottom: [], halfLifeDays: 3, prior: 2, strength: 1 },
    ] as FeatureDefinition[];
    expect(() => compileFeatureSet(wrong)).toThrow(
      /7 problem[^]*visits\/name[^]*visits\/unit[^]*Bad name\/name[^]*halfLifeDays[^]*odd\/kind[^]*share\/prior[^]*share\/bottom/,
    );
  });

  it('counts only events that its condition allows', () => {
    const set = compileFeatureSet([definition]);
    const visit = (held: boolean): AccountEvent =>
      event({ name: 'Visit Logged', properties: { topics: ['dosage', 'price'], topic: 'price', held } });
    const readout = set.read(fold([visit(true), visit(false)], set), null, at(0));
    expect([readout.value('visits', 'price'), readout.value('visits', 'dosage')]).toEqual([1, 1]);
  });

  it('keeps its version when only words change, and takes a new one when a value may', () => {
    const { version } = compileFeatureSet([definition]);
    expect(compileFeatureSet([{ ...definition, description: 'Other words' }]).version).toBe(version);
    expect(compileFeatureSet([{ ...definition, where: { held: false } }]).version).not.toBe(version);
  });

  it('refuses a state of other definitions', () => {
    const bytes = featureSet.encode(fold([event({ name: 'Page Viewed' })]));
    expect(() => featureSet.decode(bytes, 'other')).toThrow(/rebuild/);
    expect(() => compileFeatureSet([definition]).read(featureSet.empty(), null, at(0))).toThrow(
      /feature set/,
    );
  });

  it('keeps the same keys in whatever order they come when there are too many', () => {
    const set = compileFeatureSet([definition]);
    const visits = Array.from({ length: KEYS_KEPT + 100 }, (_, topic) =>
      event({ name: 'Visit Logged', properties: { topic: `topic-${topic}`, held: true } }),
    );
    const forwards = set.read(fold([...visits, ...visits], set), null, at(0));
    const saved = set.encode(fold([...visits.toReversed(), ...visits], set));
    const backwards = set.read(set.decode(saved, set.version), null, at(0));
    expect(forwards.keys('visits').length).toBe(KEYS_KEPT);
    expect([...backwards.keys('visits')].sort()).toEqual([...forwards.keys('visits')].sort());
    const counts = forwards
      .keys('visits')
      .map((key) => [forwards.value('visits', key), backwards.value('visits', key)]);
    expect(counts.every(([one, other]) => one === 2 && other === 2)).toBe(true);
  });

  it('leaves out texts that are too long to be keys', () => {
    const state = fold([
      event({ name: 'Page Viewed', properties: { topic: 'x'.repeat(129), channel: 'web' } }),
    ]);
    const readout = featureSet.read(state, ana, at(0));
    expect(readout.keys('topicInterest3')).toEqual([]);
    expect(readout.keys('channelActivity3')).toEqual(['web']);
  });
});
