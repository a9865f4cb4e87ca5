import { describe, expect, it } from '@jest/globals';
import { action, request, world } from '../../test/support/recommender.js';
import type { ShadowDecision } from '../learning/index.js';
import { FailingModel } from '../learning/index.js';
import { Likes } from '../learning/testing/likes.js';
import { type PropensityModel, recommend, type Request } from '../recommender/index.js';
import {
  type MadeBeside,
  ShadowCounts,
  ShadowDecisions,
  type ShadowDecisionsParts,
} from './shadow-decisions.js';

const common = world({ actions: [action('a'), action('b')] });

class Remembered extends ShadowCounts {
  readonly counted: Record<string, number> = {};
  count(what: string, more: number): void {
    this.counted[what] = (this.counted[what] ?? 0) + more;
  }
}

function made(challengers: readonly PropensityModel[], changes: Partial<Request> = {}): MadeBeside {
  const shared = { ...common, challengers };
  const own = request({}, {}, changes);
  const [answer] = recommend([own], shared);
  if (!answer) throw new Error('One request has one answer');
  return { request: own, decision: answer.decision, world: shared };
}

function shadow(changes: Partial<ShadowDecisionsParts> = {}) {
  const written: ShadowDecision[] = [];
  const tallies: Record<string, { errors: number; skipped: number }> = {};
  const warnings: string[] = [];
  const counts = new Remembered();
  let now = 0;
  const decisions = new ShadowDecisions({
    log: {
      append: async (some) => {
        written.push(...some);
        return [];
      },
    },
    book: {
      count: async (version, more) => {
        tallies[version] = more;
      },
    },
    counts,
    shares: { fresh: 1, nightly: 1 },
    milliseconds: () => (now += 0.5),
    warn: (message) => warnings.push(message),
    ...changes,
  });
  return { decisions, written, tallies, warnings, counts };
}

const many = (count: number, challenger: PropensityModel, changes: Partial<Request> = {}) =>
  Array.from({ length: count }, (_, place) =>
    made([challenger], { ...changes, decisionId: `d${place}` as Request['decisionId'] }),
  );

describe('decisions in shadow', () => {
  it('are kept of every decision, by a time at which the answer has long been given', async () => {
    const { decisions, written, counts } = shadow();
    for (const one of many(5, new Likes('2', 'b'))) decisions.offer(one);
    expect(written).toEqual([]);
    await decisions.stop();
    expect(written.map(({ decisionId }) => decisionId)).toEqual(['d0', 'd1', 'd2', 'd3', 'd4']);
    expect(written[0]).toMatchObject({
      version: '2',
      milliseconds: 0.5,
      ranking: [{ actionId: 'b' }, {}, null],
    });
    expect(counts.counted).toMatchObject({ decisions: 5, seconds: expect.closeTo(0.0075, 6) });
  });

  it('are those of each model in shadow', async () => {
    const { decisions, written } = shadow();
    decisions.offer(made([new Likes('2', 'b'), new Likes('3', 'a')]));
    await decisions.stop();
    expect(written.map(({ version }) => version)).toEqual(['2', '3']);
  });

  it('are none where no model is in shadow, or the holdout was served', async () => {
    const { decisions, written, counts } = shadow();
    decisions.offer(made([]));
    const held = made([new Likes('2', 'b')]);
    decisions.offer({ ...held, world: { ...held.world, model: new Likes('1', 'a') } });
    await decisions.stop();
    expect({ written, counted: counts.counted }).toEqual({ written: [], counted: {} });
  });

  it('are of the declared share: of fresh decisions one, of a nightly run another', async () => {
    const { decisions, written } = shadow({ shares: { fresh: 0.5, nightly: 0.1 } });
    for (const one of many(400, new Likes('2', 'b'))) decisions.offer(one);
    await decisions.stop();
    expect(written.length).toBeGreaterThan(160);
    expect(written.length).toBeLessThan(240);
    for (const one of many(400, new Likes('2', 'b'), { runId: 'night' })) decisions.offer(one);
    const before = written.length;
    await decisions.stop();
    expect(written.length - before).toBeGreaterThan(20);
    expect(written.length - before).toBeLessThan(65);
  });

  it('fail by themselves: the error is counted and told once, and the others are kept', async () => {
    const { decisions, written, tallies, warnings, counts } = shadow();
    const broken = new FailingModel('response', '9', new Error('weights are gone'));
    for (const one of many(3, broken)) decisions.offer(one);
    decisions.offer(made([new Likes('2', 'b')]));
    await decisions.stop();
    expect(written).toHaveLength(1);
    expect(tallies).toEqual({ 9: { errors: 3, skipped: 0 } });
    expect(counts.counted['errors']).toBe(3);
    expect(warnings).toEqual([
      expect.stringContaining('Model 9 in shadow did not decide: Error: weights are gone'),
    ]);
  });

  it('that cannot be written are errors, and the next ones are tried again', async () => {
    let failures = 1;
    const written: ShadowDecision[] = [];
    const { decisions, tallies } = shadow({
      log: {
        append: async (some) => {
          if (failures-- > 0) throw new Error('no connection');
          written.push(...some);
          return [];
        },
      },
    });
    decisions.offer(made([new Likes('2', 'b')]));
    await decisions.stop();
    expect(tallies).toEqual({ 2: { errors: 1, skipped: 0 } });
    decisions.offer(made([new Likes('2', 'b')]));
    await decisions.stop();
    expect(written).toHaveLength(1);
  });

  it('of an account that somebody is changing are tried again once that is over', async () => {
    const tried: number[] = [];
    const written = await new Promise<readonly ShadowDecision[]>((resolve) => {
      const append = async (some: readonly ShadowDecision[]) => {
        tried.push(some.length);
        if (tried.length === 1) return [...some];
        resolve(some);
        return [];
      };
      const { decisions } = shadow({ log: { append } });
      decisions.offer(made([new Likes('2', 'b')]));
    });
    expect(tried).toEqual([1, 1]);
    expect(written).toMatchObject([{ version: '2' }]);
  });

  it('of such an account are skipped and counted where the service stops first', async () => {
    const { decisions, tallies } = shadow({ log: { append: async (some) => [...some] } });
    decisions.offer(made([new Likes('2', 'b')]));
    await decisions.stop();
    expect(tallies).toEqual({ 2: { errors: 0, skipped: 1 } });
  });

  it('are skipped and counted where more come than there is time for', async () => {
    const { decisions, written, tallies } = shadow();
    for (const one of many(520, new Likes('2', 'b'))) decisions.offer(one);
    await decisions.stop();
    expect(written).toHaveLength(500);
    expect(tallies).toEqual({ 2: { errors: 0, skipped: 20 } });
  });
});
