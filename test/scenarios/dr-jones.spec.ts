import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListedAlert } from '../support/alerts.js';
import { QUEUED_TOUCH, startDrJones } from '../support/dr-jones.js';
import { EventReader, eventually, type OpenStream } from '../support/server-sent-events.js';
import { startTestService, type TestService } from '../support/service.js';
import type { AnsweredSuggestion, Territory } from '../support/territory.js';

/**
 * A doctor reads the side-effects page. Her manager is alerted, with the evidence and a next step. In the visit she says
 * that she hates unsolicited e-mail, and asks about efficacy: every e-mail for her is withdrawn at once, the liaison gets
 * the task with the history, and what came of the visit changes the next score. With the real queue, database and stream.
 */
const MINUTE = 60_000;

let service: TestService;
let territory: Territory;
let mia: { authorization: string };
let leo: { authorization: string };
let stream: OpenStream;
let emails: AnsweredSuggestion[];
let alert: ListedAlert;
let before: number;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', exploration: 'greedy' } });
  territory = await startDrJones(service);
  mia = await service.key(['read', 'score', 'feedback', 'consent'], { memberId: 'mia' });
  leo = await service.key(['read', 'feedback'], { memberId: 'leo' });
  stream = await new EventReader(`${service.url}/api/v1/alerts/stream`, {
    authorization: mia.authorization,
  }).open();
});
afterAll(async () => {
  await stream?.close();
  await service?.close();
});

const get = async (path: string, caller: { authorization: string }) => {
  const answer = await service.http.get(`/api/v1/${path}`).set({ authorization: caller.authorization });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** For somebody else, to whom nothing has happened. */
async function chanceOfATalk(): Promise<number> {
  const { candidates = [] } = await territory.recommend({ accountId: 'other', explain: true, dryRun: true });
  const found = candidates.find(
    ({ actionId, channelId }) => actionId === 'offer-talk' && channelId === 'visit',
  );
  return found?.propensity ?? NaN;
}

describe('Dr. Jones', () => {
  it('takes e-mails, and one is suggested', async () => {
    const { suggestions } = await territory.recommend({ limit: 10 });
    emails = suggestions.filter(({ channelId }) => channelId === 'email');
    expect(emails.length).toBeGreaterThan(0);
    before = await chanceOfATalk();
  });

  it('reads the side-effects page twice, and her manager is alerted on the open stream', async () => {
    for (let time = 1; time <= 2; time += 1) {
      service.clock.advance(5 * MINUTE);
      await territory.event('Page Viewed', {
        channel: 'web',
        topic: 'side-effects',
        productId: 'P',
        url: 'https://p.example/side-effects',
      });
    }
    await eventually(() => expect(stream.events.map(({ event }) => event)).toContain('alert'));
    const [listed] = (await get('alerts?state=open', mia)).items as ListedAlert[];
    alert = listed as ListedAlert;
    expect(alert).toMatchObject({
      accountId: 'clinic',
      contactId: 'jones',
      memberId: 'mia',
      message: 'Dr. Jones read the side-effects page twice today; offer to talk about it.',
      suggestion: { action: { id: 'offer-talk' }, performedBy: { memberId: 'mia' } },
    });
    expect(alert.evidence.map(({ name }) => name)).toEqual(['Page Viewed', 'Page Viewed']);
    const sent = stream.events.find(({ event }) => event === 'alert');
    expect(JSON.stringify(sent?.data)).toContain(alert.alertId);
  });

  it('says in the visit that she hates e-mail: what is open and queued is withdrawn in the same breath', async () => {
    service.clock.advance(30 * MINUTE);
    const answer = await service.http
      .post('/api/v1/visits')
      .set({ authorization: mia.authorization })
      .send({
        contactId: 'jones',
        at: service.clock.now().toISOString(),
        channelId: 'visit',
        note: 'Hates e-mail that she did not ask for. Wants to see what is known about efficacy.',
        topics: ['side-effects', 'efficacy'],
        sentiment: 0.3,
        preferences: [{ channelId: 'email', likes: false }],
        consents: [{ channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'contact' }],
        questions: [{ topic: 'efficacy', text: 'What do the new data say?' }],
        requests: [{ role: 'medical-liaison', about: 'What is known about efficacy' }],
        suggestionId: alert.suggestion?.suggestionId,
      });
    expect(answer.status).toBe(201);
    expect(answer.body.cancelledTouches).toEqual([QUEUED_TOUCH]);
    expect(answer.body.inFlight).toEqual([]);
    const marketing = emails.filter(({ action }) => action.purpose === 'marketing');
    expect(answer.body.withdrawnSuggestions).toEqual(
      expect.arrayContaining(marketing.map(({ suggestionId }) => suggestionId)),
    );
    await eventually(() => expect(stream.events.map(({ event }) => event)).toContain('suggestion.withdrawn'));
    const standing = (await get('suggestions?accountId=clinic&limit=100', mia)).items as AnsweredSuggestion[];
    const open = standing.filter(({ state }) => ['open', 'seen', 'accepted', 'snoozed'].includes(state));
    expect(
      open.filter(({ channelId, action }) => channelId === 'email' && action.purpose === 'marketing'),
    ).toEqual([]);
  });

  it('is handed over: the liaison has the task, with the history', async () => {
    const { items } = await get('tasks?state=open', leo);
    expect(items).toMatchObject([
      { kind: 'handover', accountId: 'clinic', contactId: 'jones', about: 'What is known about efficacy' },
    ]);
    const task = await get(`tasks/${items[0].taskId}`, leo);
    const history = JSON.stringify(task.history);
    expect(history).toContain('efficacy');
    expect(history).toContain('email');
    const timeline = await get('accounts/clinic/timeline?limit=100', leo);
    const kinds = new Set(timeline.items.map(({ kind }: { kind: string }) => kind));
    for (const kind of ['event', 'touch', 'consent', 'suggestion', 'task']) expect(kinds).toContain(kind);
  });

  it('gets no e-mail suggested any more, and one can ask why', async () => {
    const { suggestions } = await territory.recommend({ limit: 10, fresh: true });
    expect(
      suggestions.filter(({ channelId, action }) => channelId === 'email' && action.purpose === 'marketing'),
    ).toEqual([]);
    const whyNot = await get('accounts/clinic/why-not?actionId=newsletter&channelId=email', territory);
    expect(whyNot.rule).toBe('consent');
    expect(whyNot.because).toMatch(/withdr/i);
  });

  it('answers a day later, and the next score of a talk is higher, for others too', async () => {
    service.clock.advance(24 * 60 * MINUTE);
    await territory.event('Email Replied', { actionId: 'offer-talk' });
    await eventually(async () => expect(await chanceOfATalk()).toBeGreaterThan(before + 0.01));
  });
});
