import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardCompetitors } from '../../src/learning/index.js';
import { Champion } from '../../src/recommender/index.js';
import { seededRng } from '../../src/shared/index.js';
import { EvaluateModel, TrainModel } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';

const ACCOUNTS = 120;
const ROUNDS = 6;
const DAY = 86_400_000;
const FIRST = Date.parse('2026-01-05T09:00:00Z');
/** True chance that an e-mail is opened, by whether the account is one of the eager ones. */
const EAGER = 0.8;
const RELUCTANT = 0.15;

let service: TestService;
let train: string;

/** Each account gets an e-mail a week; who is eager opens most of them, and the segment tells who is. */
async function history(): Promise<void> {
  const catalogue = (await service.key(['catalogue'])).authorization;
  const ingest = (await service.key(['ingest'])).authorization;
  const put = (path: string, body: object) =>
    service.http.put(`/api/v1/${path}`).set({ authorization: catalogue }).send(body).expect(200);
  await put('channels/email', {
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-in',
  });
  await put('outcome-definitions/opened', { event: 'Email Opened', withinDays: 5, engagement: true });
  await put('actions/newsletter', {
    name: 'Newsletter',
    intent: 'content',
    purpose: 'marketing',
    productIds: [],
    topics: ['news'],
    channelIds: ['email'],
    outcomeId: 'opened',
    lever: 1,
    mandatory: false,
  });
  const rng = seededRng('history');
  const events: object[] = [];
  for (let account = 0; account < ACCOUNTS; account += 1) {
    const accountId = `person-${account}`;
    const eager = account % 3 === 0;
    await put(`accounts/${accountId}`, {
      name: accountId,
      kind: 'person',
      segment: eager ? 'eager' : 'reluctant',
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = FIRST + round * 7 * DAY + account * 60_000;
      const about = { actionId: 'newsletter', channel: 'email', touchId: `touch-${account}-${round}` };
      const common = { accountId, contactId: accountId };
      events.push({
        ...common,
        messageId: `sent-${account}-${round}`,
        name: 'Email Sent',
        occurredAt: new Date(at).toISOString(),
        properties: about,
      });
      if (rng.next() < (eager ? EAGER : RELUCTANT)) {
        events.push({
          ...common,
          messageId: `opened-${account}-${round}`,
          name: 'Email Opened',
          occurredAt: new Date(at + DAY).toISOString(),
          properties: about,
        });
      }
    }
  }
  for (let start = 0; start < events.length; start += 500) {
    const { body, status } = await service.http
      .post('/api/v1/events')
      .set({ authorization: ingest })
      .send({ events: events.slice(start, start + 500) });
    expect({ status, quarantined: body.quarantined }).toEqual({ status: 200, quarantined: [] });
  }
}

const settings = {
  competitors: Object.fromEntries(
    Object.entries(standardCompetitors).map(([name, competitor]) => [
      name,
      { ...competitor, epochs: 10, bins: Math.min(competitor.bins, 4) },
    ]),
  ),
};

beforeAll(async () => {
  service = await startTestService();
  train = (await service.key(['train', 'read'])).authorization;
  await history();
}, 120_000);

afterAll(async () => {
  await service?.close();
});

const get = (path: string) => service.http.get(`/api/v1/models${path}`).set({ authorization: train });
const post = (path: string, body: object) =>
  service.http.post(`/api/v1/models${path}`).set({ authorization: train }).send(body);

describe('a model from history to service', () => {
  let version: string;

  it('is trained on what followed each touch and listed as a candidate', async () => {
    const workflow = service.app.get(TrainModel, { strict: false });
    const steps = new Set<string>();
    const trained = await workflow.run({ actor: 'test', settings }, (progress) => steps.add(progress.step));
    version = trained.version;
    expect([...steps]).toEqual(['dataset', 'training']);
    expect(trained.card.data).toMatchObject({ rows: ACCOUNTS * ROUNDS, accounts: ACCOUNTS });
    const own = trained.card.metrics[trained.card.winner]?.['opened'];
    expect(own?.logLoss).toBeLessThan((trained.card.metrics['base-rate']?.['opened']?.logLoss ?? 0) - 0.05);
    const { body } = await get('');
    expect(body.items).toMatchObject([{ version, state: 'candidate', name: 'response' }]);
    expect((await get(`/${version}`)).body.card.winner).toBe(trained.card.winner);
  }, 60_000);

  it('serves after its promotion, which needs a reason while nothing can be compared', async () => {
    const champion = service.app.get(Champion, { strict: false });
    expect((await champion.current()).name).toBe('fallback-rules');
    const silent = await post(`/${version}/promotions`, {});
    expect(silent.status).toBe(422);
    expect(silent.body.errors).toMatchObject([{ pointer: '/reason' }]);
    const promoted = await post(`/${version}/promotions`, { reason: 'first model, read its card' });
    expect(promoted.status).toBe(201);
    expect(promoted.body).toMatchObject({ state: 'champion', unproven: true });
    expect((await champion.current()).version).toBe(version);
    expect((await post(`/${version}/promotions`, { reason: 'again' })).status).toBe(409);
  });

  it('tells eager accounts from reluctant ones as truly as they differ', async () => {
    const evaluated = await service.app
      .get(EvaluateModel, { strict: false })
      .run({ from: new Date(FIRST + 4 * 7 * DAY) });
    expect(evaluated.ok).toBe(true);
    const head = evaluated.ok ? evaluated.value.heads[0] : undefined;
    expect(head?.model.auc).toBeGreaterThan(0.75);
    expect(head?.model.ece).toBeLessThan(0.1);
    expect(head?.baseRate.auc).toBe(0.5);
  });

  it('goes out of service by a rollback, and the audit trail says who did what', async () => {
    const rolled = await post(`/${version}/rollbacks`, { reason: 'drill' });
    expect(rolled.status).toBe(201);
    expect(rolled.body).toEqual({ champion: null });
    const champion = service.app.get(Champion, { strict: false });
    expect((await champion.current()).name).toBe('fallback-rules');
    const actions = await service.database.query<{ action: string }[]>(
      `select action from audit_entries where action like 'model.%' order by action`,
    );
    expect(actions.map(({ action }) => action)).toEqual([
      'model.promoted',
      'model.rolled-back',
      'model.trained',
    ]);
  });

  it('is not found under another version, and cannot be promoted without the scope train', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await post('/nothing/promotions', { reason: 'because' })).status).toBe(404);
    const { authorization } = await service.key(['read']);
    const answer = await service.http
      .post(`/api/v1/models/${version}/promotions`)
      .set({ authorization })
      .send({});
    expect(answer.status).toBe(403);
  });
});
