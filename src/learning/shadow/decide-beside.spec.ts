import { describe, expect, it } from '@jest/globals';
import { action, channel, happened, request, world } from '../../../test/support/recommender.js';
import {
  type Decision,
  recommend,
  type Request,
  type ScoringCase,
  type World,
} from '../../recommender/index.js';
import { Likes } from '../testing/likes.js';
import { FailingModel } from './challengers.js';
import { decideBeside, isOfChampion } from './decide-beside.js';

const offering = {
  actions: [
    action('first', { topics: ['dosage'], value: 120 }),
    action('second', { channelIds: ['visit'], value: 100 }),
    action('third', { value: 90 }),
  ],
  channels: [channel('call'), channel('visit', { kind: 'visit' })],
};
const exploring: World['exploration'] = { mode: 'squarecb', gamma: 5, floor: 0.01, maxArms: 10 };

function made(changes: Partial<World> = {}, asked: Partial<Request> = {}) {
  const shared = world(offering, { exploration: exploring, ...changes });
  const own = request({ events: [happened('Page Viewed', 30, { topic: 'dosage' })] }, {}, asked);
  const [answer] = recommend([own], shared);
  if (!answer) throw new Error('One request has one answer');
  return { request: own, decision: answer.decision, world: shared };
}

const scoresOf = ({ arms }: Decision) =>
  arms.map(({ candidate }) => ({
    propensity: candidate?.propensity ?? 0,
    priority: candidate?.priority ?? 0,
  }));

describe('deciding beside the champion', () => {
  it('says what the champion said, to the last bit, where the challenger is the champion', () => {
    const one = made();
    const beside = decideBeside(one, one.world.model);
    expect(beside.scored).toEqual(scoresOf(one.decision));
    expect(beside.drawn).toBe(one.decision.chosen);
    expect(beside.ranking.map((arm) => arm && arm.actionId)).toEqual(
      one.decision.arms.map(({ candidate }) => candidate && candidate.actionId),
    );
    expect(beside.ranking.map((arm) => arm?.priority ?? 0)).toEqual(
      one.decision.arms.map(({ candidate }) => candidate?.priority ?? 0),
    );
  });

  it('ranks as the challenger would, and scores the champion’s arms in their own order', () => {
    const one = made();
    const beside = decideBeside(one, new Likes('2', 'third'));
    expect(beside.ranking[0]).toMatchObject({ actionId: 'third', channelId: 'call', contactId: 'ana' });
    expect(beside.ranking.at(-1)).toBeNull();
    const places = one.decision.arms.map(({ candidate }) => candidate?.actionId ?? null);
    expect(beside.scored.map(({ propensity }) => propensity)).toEqual(
      places.map((actionId) => (actionId === null ? 0 : Math.fround(actionId === 'third' ? 0.9 : 0.2))),
    );
    expect(beside).toMatchObject({ version: '2', champion: 'fallback-rules:1', accountId: 'acme' });
  });

  it('reads what the challenger learned to read, which need not be what was logged', () => {
    const one = made();
    const schema = one.world.model.inputSchema;
    const topics = schema?.crosses.find((name) => name.endsWith('@topic'));
    if (!schema || !topics) throw new Error('the standard features have one by topic');
    const narrow = { ...schema, numbers: [], categories: ['account:segment'], crosses: [topics] };
    const challenger = new Likes('2', 'first', narrow);
    const beside = decideBeside(one, challenger);
    expect(beside.scored).toHaveLength(one.decision.arms.length);
    const { account, candidate } = challenger.asked.at(-1) ?? {};
    expect(account?.categories).toEqual(['A']);
    expect(candidate?.crosses).toHaveLength(1);
  });

  it('leaves the decision, its question and the ids of suggestions as they are', () => {
    let ids = 0;
    const nextSuggestionId = () => `s${(ids += 1)}` as ReturnType<Request['nextSuggestionId']>;
    const one = made({}, { nextSuggestionId });
    const before = { ids, decision: structuredClone(one.decision) };
    decideBeside(one, new Likes('2', 'second'));
    expect(ids).toBe(before.ids);
    expect(one.decision).toEqual(before.decision);
    const [again] = recommend([one.request], one.world);
    expect(again?.decision.arms).toEqual(before.decision.arms);
  });

  it('throws why a challenger fails, even where nothing was there to be scored', () => {
    const failing = new FailingModel('response', '3', new Error('weights are gone'));
    const empty = world({ actions: [] });
    const own = request();
    const [answer] = recommend([own], empty);
    if (!answer) throw new Error('One request has one answer');
    expect(() => decideBeside({ request: own, decision: answer.decision, world: empty }, failing)).toThrow(
      'weights are gone',
    );
  });

  it('takes a chance that is no chance for a failure: nothing of it is kept', () => {
    class Diverged extends Likes {
      override score(cases: readonly ScoringCase[]): Float32Array[] {
        return super.score(cases).map((scores) => scores.fill(NaN));
      }
    }
    expect(() => decideBeside(made(), new Diverged('4', 'first'))).toThrow('does not lie in [0, 1]');
  });

  it('does not compare what the holdout was served', () => {
    const model = new Likes('1', 'first');
    const served = made({ model });
    const held = made({ model, holdoutShare: 1 });
    expect(isOfChampion(served.decision, served.world)).toBe(true);
    expect(isOfChampion(held.decision, held.world)).toBe(false);
  });
});
