import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY, MINUTE } from '../../src/shared/index.js';
import { LearnFromOutcomes } from '../../src/workflows/index.js';
import { addFlatModel, promoteFlatModel } from '../support/flat-model.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const ACCOUNTS = 40;
/** Longer than any touch may wait and any window of an outcome: what was decided is settled. */
const SETTLED_AFTER = 60 * DAY;

let service: TestService;
let territory: Territory;
let scientist: string;
let champion: string;
let trainedUntil: Date;

beforeAll(async () => {
  service = await startTestService({ config: { holdoutShare: 0 } });
  territory = await startTerritory(service);
  scientist = (await service.key(['train', 'read'])).authorization;
  champion = await promoteFlatModel(service);
  trainedUntil = service.clock.now();
  for (let account = 0; account < ACCOUNTS; account += 1)
    await live(`practice-${account}`, account % 2 === 0);
  await service.app.get(LearnFromOutcomes, { strict: false }).runDue(service.clock.now());
  service.clock.advance(SETTLED_AFTER);
  await service.app.get(LearnFromOutcomes, { strict: false }).runDue(service.clock.now());
}, 120_000);

afterAll(async () => {
  await service?.close();
});

/** A decision of the champion, its touch, and from one account in two the reply, which is worth 60. */
async function live(accountId: string, replies: boolean): Promise<void> {
  await territory.put(`accounts/${accountId}`, { name: accountId, kind: 'company', country: 'DE' });
  await territory.put(`contacts/dr-${accountId}`, { accountId, name: `Dr. ${accountId}` });
  await territory.put(`accounts/${accountId}/team/mia`, {});
  service.clock.advance(MINUTE);
  const { suggestions } = await territory.recommend({ accountId, limit: 1 });
  const [first] = suggestions;
  if (!first) return;
  service.clock.advance(MINUTE);
  const { channelId, suggestionId, contactId } = first;
  const about = { channel: channelId, actionId: first.action.id, suggestionId };
  await territory.event('Visit Logged', about, { accountId, contactId });
  if (!replies) return;
  const outcome = { outcomeId: 'reply', accountId, contactId, value: 60, suggestionId };
  await service.http
    .post('/api/v1/outcomes')
    .set({ authorization: territory.authorization })
    .send({ ...outcome, outcomeRef: `reply-${accountId}`, occurredAt: service.clock.now().toISOString() })
    .expect(201);
}

const judgementOf = async (version: string) => {
  const { body, status } = await service.http
    .get(`/api/v1/models/${version}/judgement`)
    .set({ authorization: scientist });
  expect(status).toBe(200);
  return body.judgement;
};
const promote = (version: string, body: object = {}) =>
  service.http.post(`/api/v1/models/${version}/promotions`).set({ authorization: scientist }).send(body);

describe('the gate of promotion on the log of decisions', () => {
  it('has nothing to say of the champion itself', async () => {
    expect(await judgementOf(champion)).toBeNull();
  });

  it('refuses a model that would leave alone what earned, and names the loss', async () => {
    const timid = await addFlatModel(service, { logit: -9, trainedUntil });
    const judgement = await judgementOf(timid);
    expect(judgement).toMatchObject({ verdict: 'worse', decisions: ACCOUNTS, accounts: ACCOUNTS });
    expect(judgement.difference.high).toBeLessThan(0);
    const refused = await promote(timid, { reason: 'I like it' });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(`On ${ACCOUNTS} decisions of the champion it earns less`);
  });

  it('refuses one whose chances are far from what happened', async () => {
    const boastful = await addFlatModel(service, { logit: 4, trainedUntil });
    expect(await judgementOf(boastful)).toMatchObject({ calibrated: false });
    expect((await promote(boastful, { reason: 'I like it' })).status).toBe(409);
  });

  it('cannot judge by decisions that the training has seen: that one needs a reason', async () => {
    const knowing = await addFlatModel(service, { logit: 0.02, trainedUntil: service.clock.now() });
    expect(await judgementOf(knowing)).toMatchObject({ verdict: 'no-log', decisions: 0 });
    const asked = await promote(knowing);
    expect(asked.status).toBe(422);
    expect(asked.body.errors).toMatchObject([{ pointer: '/reason' }]);
  });

  it('lets one serve as proven that does as well, and keeps in the trail what the log said', async () => {
    const refresh = await addFlatModel(service, { logit: 0.01, trainedUntil });
    const { verdict, calibrated } = await judgementOf(refresh);
    // by chance of the log even better
    expect(['no-worse', 'better']).toContain(verdict);
    expect(calibrated).toBe(true);
    const promoted = await promote(refresh);
    expect(promoted.status).toBe(201);
    expect(promoted.body).toMatchObject({ state: 'champion', unproven: false, predecessor: champion });
    const [entry] = await service.database.query<{ detail: object }[]>(
      `select detail from audit_entries where action = 'model.promoted' and subject_id = $1`,
      [refresh],
    );
    expect(entry?.detail).toMatchObject({ verdict, decisions: ACCOUNTS });
  });

  it('does not know a model that is not there', async () => {
    const answer = await service.http
      .get('/api/v1/models/nothing/judgement')
      .set({ authorization: scientist });
    expect(answer.status).toBe(404);
  });
});
