import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  action,
  channel,
  contact,
  happened,
  product,
  request,
  treatment,
  world,
} from '../../../test/support/recommender.js';
import { candidateKeys, type Decision, recommend, replayChoice, type Request, type World } from '../index.js';
import { decodeDecision, encodeDecision, RECORD_LIMIT } from './decision-record.js';
import { decodeSnapshot } from './snapshot.js';
import { decodeRows, encodeRows } from './sparse-rows.js';

const kinds = ['email', 'call', 'visit', 'app'] as const;
const exploration: World['exploration'] = { mode: 'squarecb', gamma: 5, floor: 0.005, maxArms: 10 };
const schemas: World['catalogue']['schemas'] = {
  account: { beds: { type: 'number' }, kind: { type: 'string' } },
  contact: {},
};

function market(idLength = 0): World {
  const id = (name: string) => name.padEnd(idLength, '-');
  const channels = kinds.map((kind) => channel(id(kind), { kind }));
  const actions = Array.from({ length: 12 }, (_, index) =>
    action(id(`action-${index}`), {
      channelIds: channels.map(({ channelId }) => channelId),
      productIds: [id(`P${index % 3}`)],
      topics: [`topic-${index % 5}`],
      value: 50 + index,
    }),
  );
  const products = [0, 1, 2].map((index) => product(id(`P${index}`)));
  const treatments = actions.flatMap(({ actionId }) =>
    channels.map(({ channelId }, index) =>
      treatment(actionId, id(`${actionId.slice(0, 9)}-${index}`), { channelId }),
    ),
  );
  return world({ actions, channels, products, treatments, schemas }, { exploration });
}

function decisions(
  shared: World,
  contacts: number,
  count: number,
): { decisions: Decision[]; requests: Request[] } {
  const requests = Array.from({ length: count }, (_, index) =>
    request(
      {
        account: { attributes: { beds: index, kind: 'clinic' } },
        contacts: Array.from({ length: contacts }, (__, number) =>
          contact({ contactId: number === 0 ? 'ana' : `contact-${number}` }),
        ),
        events: Array.from({ length: 40 }, (__, number) =>
          happened(
            ['Page Viewed', 'Order Completed', 'Email Sent', 'Visit Logged'][number % 4] ?? '',
            (index + 1) * number,
            {
              topic: `topic-${number % 5}`,
              productId: `P${number % 3}`,
              actionId: `action-${number % 12}`,
              channel: kinds[number % 4] ?? '',
              value: number,
            },
          ),
        ),
      },
      { limit: 5, context: { topic: 'topic-1' } },
      { seed: `seed ${index}`, runId: 'run' },
    ),
  );
  return { decisions: recommend(requests, shared).map(({ decision }) => decision), requests };
}

const restored = (decision: Decision): Decision => {
  const { decisionId, accountId, decidedAt, policyEpoch, stateSequence, runId } = decision;
  return decodeDecision(
    { decisionId, accountId, decidedAt, policyEpoch, stateSequence, runId },
    encodeDecision(decision),
  );
};

describe('the record of a decision', () => {
  it('comes back as it was', () => {
    const shared = market();
    for (const decision of decisions(shared, 2, 10).decisions) {
      const back = restored(decision);
      expect({ ...back, snapshot: Buffer.from(back.snapshot) }).toEqual({
        ...decision,
        snapshot: Buffer.from(decision.snapshot),
      });
    }
  });

  it('is small: 2 kB on average with ten arms, 4 kB at most, even with long ids and many contacts', () => {
    const sizes = decisions(market(), 1, 50).decisions.map((decision) => encodeDecision(decision).length);
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeLessThan(2048);
    for (const decision of [
      ...decisions(market(100), 1, 5).decisions,
      ...decisions(market(128), 10, 5).decisions,
    ]) {
      expect(encodeDecision(decision).length).toBeLessThanOrEqual(RECORD_LIMIT);
      expect(decision.arms.length).toBeGreaterThan(1);
    }
  });

  it('replays its choice from nothing but the logged arms, rule and seed', () => {
    const made = decisions(market(), 1, 40).decisions;
    for (const decision of made) {
      const { arms, draw, seed, chosen } = restored(decision);
      const replayed = replayChoice({ arms, draw, seed });
      expect(replayed.chosen).toBe(chosen);
      expect(replayed.probabilities).toEqual(arms.map(({ probability }) => probability));
    }
    expect(new Set(made.map(({ chosen }) => chosen)).size).toBeGreaterThan(2);
  });

  it('holds the inputs from which the scores are computed again within 1e-5', () => {
    const shared = market();
    const { catalogue, model } = shared;
    for (const decision of decisions(shared, 3, 10).decisions.map(restored)) {
      const snapshot = decodeSnapshot(decision.snapshot);
      const arms = decision.arms.flatMap(({ candidate }) => candidate ?? []);
      expect(arms.length).toBe(10);
      arms.forEach((arm, place) => {
        const read = snapshot.arms[place]!;
        const treatments = catalogue.treatments.get(arm.actionId) ?? [];
        const keys = candidateKeys(
          catalogue.actions.get(arm.actionId)!,
          catalogue.products.get(arm.productId!)!,
          catalogue.channels.get(arm.channelId)!,
          treatments.find(({ treatmentId }) => treatmentId === arm.treatmentId) ?? null,
        );
        const [scores] = model.score([
          { account: snapshot.contacts[read.contact]!, candidates: [{ ...keys, crosses: read.crosses }] },
        ]);
        expect(Math.abs(scores![0]! - arm.propensity)).toBeLessThan(1e-5);
      });
    }
  });
});

describe('sparse rows', () => {
  it('come back bit for bit, unknown values included', () => {
    const value = fc.oneof(fc.constant(NaN), fc.constant(1), fc.float());
    fc.assert(
      fc.property(
        fc
          .integer({ min: 0, max: 40 })
          .chain((width) =>
            fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
          ),
        (rows) => {
          const arrays = rows.map((row) => Float32Array.from(row));
          const width = arrays[0]?.length ?? 0;
          const back = decodeRows(encodeRows(arrays), arrays.length, width);
          expect(back.map((row) => [...row])).toEqual(arrays.map((row) => [...row]));
        },
      ),
    );
  });

  it('are kept as they are while others are written, however many', () => {
    const rowsFrom = (start: number, rows: number) =>
      Array.from({ length: rows }, (_, row) =>
        Float32Array.from({ length: 300 }, (_, place) => start + row * place),
      );
    const few = encodeRows(rowsFrom(1, 2));
    const many = encodeRows(rowsFrom(2, 60));
    expect(decodeRows(few, 2, 300)).toEqual(rowsFrom(1, 2));
    expect(decodeRows(many, 60, 300)).toEqual(rowsFrom(2, 60));
  });
});
