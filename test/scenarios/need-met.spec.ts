import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertsOf, plainRule, raiseDue } from '../support/alerts.js';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory, type Territory } from '../support/territory.js';

/** A need that was met minutes ago silences its topic: in suggestions, in alerts and in what alerts suggest. */
const MINUTE = 60_000;

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  const action = { productIds: [], outcomeId: 'reply', lever: 1, mandatory: false, channelIds: ['visit'] };
  const guide = { ...action, intent: 'content', purpose: 'service', value: 55 };
  await territory.put('actions/dosing-guide', { ...guide, name: 'dosing-guide', topics: ['dosage'] });
  await territory.put('actions/storage-guide', { ...guide, name: 'storage-guide', topics: ['storage'] });
  await territory.put('actions/talk-storage', {
    ...action,
    name: 'talk-storage',
    intent: 'follow-up',
    purpose: 'service',
    topics: ['storage'],
    value: 60,
  });
  await territory.put('trigger-rules/dosage-read', {
    ...plainRule,
    when: { event: 'Page Viewed', where: 'event.properties.topic == "dosage"' },
    unless: { event: 'Question Answered', where: 'event.properties.topic == "dosage"', withinHours: 1 },
    cooldownHours: 0,
  });
  await territory.put('trigger-rules/came-by', {
    ...plainRule,
    when: { event: 'Form Submitted' },
    cooldownHours: 0,
  });
});
afterAll(() => service.close());

const actionsOf = ({ suggestions }: Answer) => suggestions.map(({ action }) => action.id);
/** Leaves nothing before anybody: what was suggested and then done by somebody rests for reasons of its own. */
const all = (body: object = {}) => territory.recommend({ limit: 20, dryRun: true, ...body });
const latest = async (ruleId: string) =>
  (await alertsOf(service, territory)).filter((alert) => alert.ruleId === ruleId);

describe('a need', () => {
  it('is answered first while it stands', async () => {
    await territory.event('Question Asked', { topic: 'dosage' });
    const answer = await all({ context: { need: 'asked about dosage' } });
    expect(['talk-dosage', 'dosing-guide']).toContain(actionsOf(answer)[0]);
    await territory.event('Page Viewed', { topic: 'dosage' });
    await raiseDue(service);
    const [alert] = await latest('dosage-read');
    expect(['talk-dosage', 'dosing-guide']).toContain(alert?.suggestion?.action.id);
  });

  it('that was met minutes ago silences its topic in every list', async () => {
    service.clock.advance(5 * MINUTE);
    await territory.event('Question Answered', { topic: 'dosage' });
    service.clock.advance(5 * MINUTE);
    const answer = await all();
    expect(actionsOf(answer)).not.toContain('talk-dosage');
    expect(actionsOf(answer)).not.toContain('dosing-guide');
    expect(actionsOf(answer)).toContain('offer-p');
  });

  it('that was met minutes ago alerts nobody, and is not what another alert suggests', async () => {
    await territory.event('Page Viewed', { topic: 'dosage' });
    expect(await raiseDue(service)).toBe(0);
    expect(await latest('dosage-read')).toHaveLength(1);
    await territory.event('Form Submitted', { topic: 'dosage' });
    await raiseDue(service);
    const [alert] = await latest('came-by');
    expect(alert).toBeDefined();
    expect(['talk-dosage', 'dosing-guide']).not.toContain(alert!.suggestion?.action.id);
  });

  it('that comes up again is a need again, where nobody had anything before them on it', async () => {
    await territory.event('Question Asked', { topic: 'storage' });
    expect(actionsOf(await all())).toEqual(expect.arrayContaining(['talk-storage', 'storage-guide']));
    service.clock.advance(MINUTE);
    await territory.event('Question Answered', { topic: 'storage' });
    service.clock.advance(5 * MINUTE);
    expect(actionsOf(await all())).not.toContain('talk-storage');
    await territory.event('Question Asked', { topic: 'storage' });
    expect(actionsOf(await all())).toContain('talk-storage');
  });

  it('met by reading silences more to read on it for an hour, while an offer to talk about it still stands', async () => {
    service.clock.advance(24 * 60 * MINUTE);
    await territory.event('Content Viewed', { topic: 'storage', contentId: 'guide' });
    service.clock.advance(10 * MINUTE);
    const reading = await all();
    expect(actionsOf(reading)).not.toContain('storage-guide');
    expect(actionsOf(reading)).toContain('talk-storage');
    service.clock.advance(60 * MINUTE);
    expect(actionsOf(await all())).toContain('storage-guide');
  });
});
