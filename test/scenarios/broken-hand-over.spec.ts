import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory, type Territory } from '../support/territory.js';

/**
 * A customer asks, is answered, talks to sales and gets a price. Nobody asks again, marketing is silent meanwhile, and
 * no channel contradicts the price.
 */
let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('channels/web', {
    name: 'web',
    kind: 'web',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-out',
  });
  const action = { outcomeId: 'reply', lever: 1, mandatory: false, productIds: [], topics: [], value: 50 };
  await territory.put('actions/banner', {
    ...action,
    name: 'banner',
    intent: 'content',
    purpose: 'marketing',
    channelIds: ['web'],
  });
  await territory.put('actions/discount-p', {
    ...action,
    name: 'discount-p',
    intent: 'offer',
    purpose: 'sales',
    productIds: ['P'],
    channelIds: ['visit', 'liaison-call'],
    discount: 0.2,
  });
  const silence = { kind: 'conversation-hold', silences: ['marketing'], while: 'conversation', days: 14 };
  await territory.put('contact-rules/hold-conversation', silence);
  await territory.put('contact-rules/offer-lock', { kind: 'offer-lock', days: 30 });
});
afterAll(() => service.close());

const actionsOf = ({ suggestions }: Answer) => suggestions.map(({ action }) => action.id);
const ruleOf = ({ candidates = [] }: Answer, actionId: string) =>
  candidates.find((candidate) => candidate.actionId === actionId)?.rule;
const all = (body: object = {}) => territory.recommend({ limit: 20, explain: true, ...body });

describe('the broken hand-over', () => {
  it('suggests content and talk on the topic that the customer asked about', async () => {
    await territory.event('Question Asked', { topic: 'dosage', channel: 'web' });
    const answer = await all();
    expect(actionsOf(answer)).toEqual(expect.arrayContaining(['talk-dosage', 'banner']));
    const talk = answer.suggestions.find(({ action }) => action.id === 'talk-dosage');
    expect(talk?.reasons[0]?.evidence[0]?.name).toBe('Question Asked');
  });

  it('does not suggest an answer minutes after it was given', async () => {
    service.clock.advance(10 * 60_000);
    await territory.event('Question Answered', { topic: 'dosage', channel: 'web' });
    service.clock.advance(60_000);
    expect(actionsOf(await all())).not.toContain('talk-dosage');
  });

  it('lets marketing be silent while sales talks, and speak again when the conversation is closed', async () => {
    await territory.event('Conversation Opened', { conversationId: 'deal', channel: 'visit' });
    const talking = await all();
    expect(actionsOf(talking)).not.toContain('banner');
    expect(ruleOf(talking, 'banner')).toBe('conversation-hold');
    service.clock.advance(3_600_000);
    await territory.event('Conversation Closed', { conversationId: 'deal' });
    expect(actionsOf(await all())).toContain('banner');
  });

  it('lets no channel contradict a price that was quoted, until it lapses', async () => {
    expect(actionsOf(await all())).toContain('discount-p');
    const validUntil = new Date(service.clock.now().getTime() + 5 * 86_400_000).toISOString();
    await territory.event('Quote Given', { productId: 'P', price: 95, discount: 0.05, validUntil });
    const locked = await all();
    expect(actionsOf(locked)).not.toContain('discount-p');
    expect(ruleOf(locked, 'discount-p')).toBe('offer-lock');
    service.clock.advance(6 * 86_400_000);
    expect(actionsOf(await all())).toContain('discount-p');
  });
});
