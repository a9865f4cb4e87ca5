import { expect, it } from '@jest/globals';
import { request, action, channel, product, world, NOW } from '../../../test/support/recommender.js';
import { recommend } from '../recommend.js';
import { decodeDecision, encodeDecision } from '../decisions/decision-record.js';
import { factorOf, LEAST_LEFT } from './lowered.js';
import type { Lowering } from '../situation.js';

const lowering = (changes: object): Lowering => ({
  productId: null,
  channelId: null,
  contactId: null,
  factor: 0.3,
  because: 'It was called wrong.',
  ...changes,
});

const offered = (lowerings: Lowering[]) => {
  const asked = request({}, {}, { explain: true });
  const situation = { ...asked.situation, lowerings };
  const [answer] = recommend(
    [{ ...asked, situation }],
    world({
      actions: [
        action('p', { intent: 'offer', productIds: ['P'], channelIds: ['call', 'visit'] }),
        action('q', { intent: 'offer', productIds: ['Q'], channelIds: ['call'] }),
      ],
      channels: [channel('call'), channel('visit', { kind: 'visit' })],
      products: [product('P'), product('Q')],
    }),
  );
  if (!answer) throw new Error('One request has one answer');
  return answer;
};
const priorities = ({ considered }: ReturnType<typeof offered>) =>
  new Map(considered?.map((one) => [`${one.actionId}/${one.channelId}`, one.priority ?? NaN]));

it('what was dismissed counts less where it was dismissed, and nowhere else', () => {
  const before = priorities(offered([]));
  const ofProduct = priorities(offered([lowering({ productId: 'P' })]));
  for (const place of ['p/call', 'p/visit'])
    expect(ofProduct.get(place)! + 1).toBeCloseTo(0.3 * (before.get(place)! + 1), 3);
  expect(ofProduct.get('q/call')).toBe(before.get('q/call'));
  const ofChannel = priorities(offered([lowering({ channelId: 'visit', contactId: 'ana' })]));
  expect(ofChannel.get('p/visit')!).toBeLessThan(before.get('p/visit')!);
  expect(ofChannel.get('p/call')).toBe(before.get('p/call'));
  const ofOther = priorities(offered([lowering({ channelId: 'visit', contactId: 'ben' })]));
  expect(ofOther).toEqual(before);
});

it('is said to whoever asks why, and its record gives the same priority again', () => {
  const { decision, considered } = offered([lowering({ productId: 'P' })]);
  expect(
    considered?.filter(({ lowered }) => lowered).map(({ actionId, lowered }) => [actionId, lowered]),
  ).toEqual([
    ['p', [{ factor: 0.3, because: 'It was called wrong.' }]],
    ['p', [{ factor: 0.3, because: 'It was called wrong.' }]],
  ]);
  const { decisionId, accountId, policyEpoch, stateSequence, runId } = decision;
  const again = decodeDecision(
    { decisionId, accountId, decidedAt: NOW, policyEpoch, stateSequence, runId },
    encodeDecision(decision),
  );
  expect(again.arms.map(({ candidate }) => candidate?.priority)).toEqual(
    decision.arms.map(({ candidate }) => candidate?.priority),
  );
  expect(again.arms.some(({ candidate }) => candidate && Math.abs(candidate.context - 0.3) < 1e-6)).toBe(
    true,
  );
});

it('many dismissals leave a little', () => {
  expect(factorOf(Array.from({ length: 20 }, () => lowering({})))).toBe(LEAST_LEFT);
  expect(factorOf(null)).toBe(1);
});
