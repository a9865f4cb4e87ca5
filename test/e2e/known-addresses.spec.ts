import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/** What nobody can be reached by is not suggested, and says so: `reach` with the reason. */
let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('channels/text', {
    name: 'Text message',
    kind: 'sms',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-out',
  });
  await territory.put('actions/reminder', {
    name: 'Reminder',
    intent: 'service',
    purpose: 'service',
    topics: [],
    channelIds: ['text'],
    outcomeId: 'reply',
    value: 30,
    lever: 1,
    mandatory: false,
  });
  await service.http
    .post('/api/v1/contacts/jones/consents')
    .set({ authorization: territory.authorization })
    .send({ channelId: 'email', purpose: 'marketing', status: 'granted', source: 'contact' })
    .expect(201);
});

afterAll(() => service.close());

const jones = (addresses: object) =>
  territory.put('contacts/jones', { accountId: 'clinic', name: 'Dr. Jones', ...addresses });
const candidate = async (actionId: string) => {
  const { candidates = [] } = await territory.recommend({ limit: 10, explain: true, fresh: true });
  return candidates.find((one) => one.actionId === actionId);
};
const suggestions = async (state: string) => {
  const answer = await service.http
    .get(`/api/v1/suggestions?state=${state}`)
    .set({ authorization: territory.authorization });
  return (answer.body as { items: { action: { id: string }; because: string | null }[] }).items;
};
/** As a mail that came back does it. */
const holdAddress = () =>
  service.database.query(
    `with held as (update contacts set held_email = lower(email) where contact_id = 'jones' returning account_id)
     update account_state s set policy_epoch = policy_epoch + 1 from held where s.account_id = held.account_id`,
  );

it('an address that takes no mail is no address, though there is no other; a new one is', async () => {
  await jones({ email: 'jones@example.test' });
  expect(await candidate('newsletter')).not.toHaveProperty('rule');
  expect((await suggestions('open')).map(({ action }) => action.id)).toContain('newsletter');
  await holdAddress();
  expect((await suggestions('open')).map(({ action }) => action.id)).not.toContain('newsletter');
  expect(await suggestions('withdrawn')).toContainEqual(
    expect.objectContaining({
      action: expect.objectContaining({ id: 'newsletter' }),
      because: 'reach: The e-mail address takes no mail: what was sent to it came back.',
    }),
  );
  const refused = {
    rule: 'reach',
    because: 'The e-mail address takes no mail: what was sent to it came back.',
  };
  expect(await candidate('newsletter')).toMatchObject(refused);
  const whyNot = await service.http
    .get('/api/v1/accounts/clinic/why-not?actionId=newsletter&channelId=email')
    .set({ authorization: territory.authorization });
  expect(whyNot.body).toMatchObject(refused);
  await jones({ email: 'new@example.test' });
  expect(await candidate('newsletter')).not.toHaveProperty('rule');
});

it('a channel for which a contact has no address is refused with the reason, not left out in silence', async () => {
  await jones({ email: 'new@example.test' });
  expect(await candidate('reminder')).toMatchObject({ rule: 'reach', because: 'No phone number is known.' });
  await jones({ phone: '+49 30 1' });
  expect(await candidate('reminder')).not.toHaveProperty('rule');
  expect(await candidate('newsletter')).toMatchObject({
    rule: 'reach',
    because: 'No e-mail address is known.',
  });
  const { suppressed } = await territory.recommend({ limit: 10, fresh: true });
  expect(suppressed.find(({ rule }) => rule === 'reach')?.count).toBeGreaterThan(0);
});
