import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('team-members/eve', { name: 'Eve', role: 'account-manager' });
  await territory.put('accounts/other', { name: 'Other clinic', kind: 'company', country: 'DE' });
  await territory.put('contacts/smith', { accountId: 'other', name: 'Dr. Smith' });
});
afterAll(() => service.close());

const report = (body: object, authorization = territory.authorization) =>
  service.http.post('/api/v1/visits').set({ authorization }).send(body);
const now = () => service.clock.now().toISOString();
const visit = (more: object = {}) => ({
  contactId: 'jones',
  memberId: 'mia',
  at: now(),
  channelId: 'visit',
  ...more,
});
const get = async (path: string, authorization = territory.authorization) =>
  (await service.http.get(`/api/v1/${path}`).set({ authorization }).expect(200)).body;
const timeline = async (query = '') => (await get(`accounts/clinic/timeline?limit=200${query}`)).items;
const epoch = async (): Promise<number> => {
  const [row] = await service.database.query(
    `select policy_epoch from account_state where account_id = 'clinic'`,
  );
  return Number(row.policy_epoch);
};

describe('POST /visits', () => {
  it('writes history, preferences, consent, questions, promises and tasks at once', async () => {
    const before = await epoch();
    const { body } = await report(
      visit({
        note: 'Hates unsolicited mail; wants the efficacy data',
        topics: ['efficacy'],
        sentiment: 0.4,
        preferences: [
          { channelId: 'email', likes: false },
          { topic: 'efficacy', likes: true },
        ],
        consents: [{ channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'contact' }],
        requests: [{ role: 'medical-liaison', about: 'the efficacy data' }],
        promises: [{ what: 'send the study', dueAt: '2026-03-05' }],
        questions: [{ topic: 'dosage', text: 'How often?', answer: 'Once a day' }],
      }),
    ).expect(201);
    expect(body).toMatchObject({
      accountId: 'clinic',
      repeated: false,
      withdrawnSuggestions: [],
      inFlight: [],
    });
    expect(body.consents).toHaveLength(1);
    expect(body.tasks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'handover',
          role: 'medical-liaison',
          memberId: 'leo',
          topics: ['efficacy'],
        }),
        // 18:00 in Berlin of that day
        expect.objectContaining({
          kind: 'promise',
          memberId: 'mia',
          about: 'send the study',
          dueAt: '2026-03-05T17:00:00.000Z',
        }),
      ]),
    );
    const events = await service.database.query(
      `select name, properties, member_id from events where account_id = 'clinic' order by name, event_id`,
    );
    expect(events.map((event: { name: string }) => event.name).sort()).toEqual([
      'Preference Stated',
      'Preference Stated',
      'Promise Made',
      'Question Answered',
      'Question Asked',
      'Question Asked',
      'Visit Logged',
    ]);
    const { status } = await get('contacts/jones/consents');
    expect(status).toContainEqual(
      expect.objectContaining({ channelId: 'email', purpose: 'marketing', allowed: false }),
    );
    const [touch] = await service.database.query(
      `select * from touches where account_id = 'clinic' and touch_id = $1`,
      [body.visitId],
    );
    expect(touch).toMatchObject({ channel_id: 'visit', state: 'sent', member_id: 'mia' });
    expect(await epoch()).toBeGreaterThan(before);
    const messages = await service.database.query(
      `select type, member_ids from outbox where type = 'task.created'`,
    );
    expect(messages.map(({ member_ids: [member] }: { member_ids: string[] }) => member).sort()).toEqual([
      'leo',
      'mia',
    ]);
  });

  it('folds the visit into the features, like any event', async () => {
    const { items } = await get('accounts/clinic/features');
    const touched = items.filter(({ evidence }: { evidence: { name: string }[] }) =>
      evidence?.some(({ name }) => name === 'Visit Logged'),
    );
    expect(touched.length).toBeGreaterThan(0);
  });

  it('keeps marketing silent while something is left to do, and ends that with the last of its tasks', async () => {
    await territory.put('contacts/silent', { accountId: 'other', name: 'Dr. Silent' });
    const { body } = await report(
      visit({
        contactId: 'silent',
        promises: [{ what: 'a call back', dueAt: '2026-03-04' }],
        nextStep: 'ask legal',
      }),
    ).expect(201);
    const open = async () =>
      service.database.query(
        `select * from whole_threads where account_id = 'other' and kind = 'visit-follow-up' and closed_at is null`,
      );
    expect(await open()).toHaveLength(1);
    const complete = (taskId: string) =>
      service.http
        .post(`/api/v1/tasks/${taskId}/completions`)
        .set({ authorization: territory.authorization })
        .send({})
        .expect(201);
    const [first, last] = body.tasks;
    await complete(first.taskId);
    expect(await open()).toHaveLength(1);
    await complete(last.taskId);
    expect(await open()).toHaveLength(0);
  });

  it('tells a call as a call', async () => {
    const { body } = await report(visit({ memberId: 'leo', channelId: 'liaison-call' })).expect(201);
    const [event] = await service.database.query(`select name, properties from events where event_id = $1`, [
      body.visitId,
    ]);
    expect(event).toMatchObject({ name: 'Call Logged', properties: { channel: 'liaison-call' } });
  });

  it('completes the suggestion that led to it', async () => {
    const { suggestions } = await territory.recommend({ limit: 20, context: { channel: 'visit' } });
    const chosen = suggestions.find(({ channelId }) => channelId === 'visit');
    if (!chosen) throw new Error('No visit was suggested');
    service.clock.advance(60_000);
    const { body } = await report(visit({ suggestionId: chosen.suggestionId })).expect(201);
    expect(body.suggestion).toEqual({ suggestionId: chosen.suggestionId, state: 'completed' });
    const responses = (await timeline('&kind=response')).filter(
      ({ eventId }: { eventId: string }) => eventId === chosen.suggestionId,
    );
    expect(responses).toMatchObject([{ name: 'completed', memberId: 'mia' }]);
  });

  it('withdraws what the contact refuses in the visit, and names it in its answer', async () => {
    await service.http
      .post('/api/v1/contacts/jones/consents')
      .set({ authorization: territory.authorization })
      .send({ channelId: 'email', purpose: '*', status: 'granted', source: 'contact' })
      .expect(201);
    service.clock.advance(86_400_000);
    await service.database.query(`delete from contact_rules`);
    await service.database.query(`update threads set closed_at = $1`, [service.clock.now()]);
    await service.database.query(`update versions set version = version + 1`);
    const { suggestions } = await territory.recommend({
      limit: 20,
      context: { channel: 'email' },
      fresh: true,
    });
    const mails = suggestions.filter(({ channelId }) => channelId === 'email');
    expect(mails.length).toBeGreaterThan(0);
    service.clock.advance(60_000);
    const { body } = await report(
      visit({ consents: [{ channelId: 'email', purpose: '*', status: 'withdrawn', source: 'contact' }] }),
    ).expect(201);
    expect([...body.withdrawnSuggestions].sort()).toEqual(
      mails.map(({ suggestionId }) => suggestionId).sort(),
    );
  });

  it('records the same visitRef once, whoever is quicker, and refuses it for another visit', async () => {
    const told = visit({ visitRef: 'v-1', promises: [{ what: 'send prices', dueAt: '2026-03-10' }] });
    const answers = await Promise.all([report(told), report(told), report(told)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const first = answers.find(({ status }) => status === 201)!;
    const { repeated: _, ...recorded } = first.body;
    for (const { body } of answers) expect(body).toMatchObject(recorded);
    const tasks = await service.database.query(`select from tasks where about = 'send prices'`);
    expect(tasks).toHaveLength(1);
    const { body } = await report({ ...told, note: 'something else' }).expect(409);
    expect(body.detail).toContain('visitRef');
  });

  it('records nothing of a visit that fails in the middle', async () => {
    await service.database.query(
      `create function refuse_task() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    );
    await service.database.query(
      `create trigger refuse before insert on tasks for each row execute function refuse_task()`,
    );
    const count = async () => {
      const [row] = await service.database.query(
        `select (select count(*) from events) as events, (select count(*) from touches) as touches,
                (select count(*) from consent_facts) as facts, (select count(*) from event_ledger) as ledger`,
      );
      return row;
    };
    const before = await count();
    const failing = visit({
      visitRef: 'v-2',
      topics: ['dosage'],
      consents: [{ channelId: 'visit', purpose: 'sales', status: 'withdrawn', source: 'contact' }],
      requests: [{ role: 'medical-liaison', about: 'dosage' }],
    });
    await report(failing).expect(500);
    expect(await count()).toEqual(before);
    await service.database.query('drop trigger refuse on tasks');
    await report(failing).expect(201);
  });
});

describe('a visit that cannot be', () => {
  const pointers = async (more: object) =>
    (await report(visit(more)).expect(422)).body.errors.map(({ pointer }: { pointer: string }) => pointer);

  it('is refused with a pointer to what is wrong', async () => {
    const later = new Date(service.clock.now().getTime() + 3_600_000).toISOString();
    expect(await pointers({ at: later })).toEqual(['/at']);
    expect(await pointers({ at: '1999-12-31T00:00:00Z' })).toEqual(['/at']);
    expect(await pointers({ at: 'yesterday' })).toEqual(['/at']);
    expect(await pointers({ channelId: 'email' })).toEqual(['/channelId']);
    expect(await pointers({ sentiment: 2 })).toEqual(['/sentiment']);
    expect(await pointers({ preferences: [{ likes: true }] })).toEqual(['/preferences/0']);
    expect(await pointers({ preferences: [{ likes: true, topic: 'a', channelId: 'email' }] })).toEqual([
      '/preferences/0',
    ]);
    expect(await pointers({ requests: [{ role: 'pilot', about: 'x' }] })).toEqual(['/requests/0/role']);
    expect(await pointers({ promises: [{ what: 'x', dueAt: '2026-02-30' }] })).toEqual(['/promises/0/dueAt']);
    expect(await pointers({ promises: [{ what: 'x', dueAt: '2020-01-01T00:00:00Z' }] })).toEqual([
      '/promises/0/dueAt',
    ]);
    expect(await pointers({ promises: [{ what: 'x', dueAt: '2020-01-01' }] })).toEqual(['/promises/0/dueAt']);
    expect(await pointers({ promises: [{ what: '', dueAt: '2026-03-09' }] })).toEqual(['/promises/0/what']);
    const lapsed = {
      channelId: 'email',
      purpose: '*',
      status: 'granted',
      source: 'contact',
      expiresAt: '2020-01-01T00:00:00Z',
    };
    expect(await pointers({ consents: [lapsed] })).toEqual(['/consents/0/expiresAt']);
    expect(await pointers({ consents: [{ ...lapsed, status: 'perhaps' }] })).toEqual(['/consents/0/status']);
    expect(await pointers({ weather: 'rain' })).toEqual(['/weather']);
    expect(await pointers({ contactId: undefined })).toEqual(['/contactId']);
    expect(await pointers({ memberId: undefined })).toEqual(['/memberId']);
  });

  it('is 404 where it names somebody or something that nobody told of', async () => {
    const gone = async (more: object) => {
      const { body } = await report(visit(more)).expect(404);
      return body.detail as string;
    };
    expect(await gone({ contactId: 'nobody' })).toContain('contact');
    expect(await gone({ memberId: 'nobody' })).toContain('team member');
    expect(await gone({ channelId: 'pigeon' })).toContain('channel');
    expect(await gone({ suggestionId: 'none' })).toContain('suggestion');
    expect(await gone({ preferences: [{ channelId: 'pigeon', likes: true }] })).toContain('channel');
    const consent = { channelId: 'pigeon', purpose: '*', status: 'granted', source: 'contact' };
    expect(await gone({ consents: [consent] })).toContain('channel');
    expect(await gone({ consents: [{ ...consent, channelId: '*', productId: 'none' }] })).toContain(
      'product',
    );
  });

  it('is not told of another manager’s contact, nor in another member’s name', async () => {
    const eve = await service.key(['feedback', 'consent'], { memberId: 'eve' });
    await report(visit({ memberId: 'eve' }), eve.authorization).expect(404);
    const mia = await service.key(['feedback'], { memberId: 'mia' });
    const { body } = await report(visit({ memberId: 'leo' }), mia.authorization).expect(422);
    expect(body.errors[0].pointer).toBe('/memberId');
    await report(visit({ memberId: undefined }), mia.authorization).expect(201);
  });

  it('needs the scope for feedback, and that for consent where it records some', async () => {
    const reader = await service.key(['read']);
    await report(visit(), reader.authorization).expect(403);
    const feedback = await service.key(['feedback']);
    const consents = [{ channelId: 'email', purpose: '*', status: 'granted', source: 'contact' }];
    await report(visit({ consents }), feedback.authorization).expect(403);
  });

  it('is recorded with what a database can hold of its words', async () => {
    const { body, status } = await report(visit({ note: 'half \ud800 a sign', visitRef: 'v-3' }));
    expect({ status, body }).toMatchObject({ status: 201, body: { repeated: false } });
  });
});
