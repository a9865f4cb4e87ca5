import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let editor: string;
let reader: string;

const put = (path: string, body: object, authorization = editor) =>
  service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
const get = (path: string, authorization = reader) =>
  service.http.get(`/api/v1/${path}`).set({ authorization });
const remove = (path: string) => service.http.delete(`/api/v1/${path}`).set({ authorization: editor });

const email = { name: 'E-mail', kind: 'email', performedBy: 'automatic', consent: 'opt-in' };
const bought = { event: 'Order Completed', withinDays: 14 };
const offer = {
  name: 'Offer',
  intent: 'offer',
  purpose: 'sales',
  channelIds: ['email'],
  outcomeId: 'bought',
};

beforeAll(async () => {
  service = await startTestService();
  editor = (await service.key(['catalogue'])).authorization;
  reader = (await service.key(['read'])).authorization;
  await put('channels/email', email).expect(200);
  await put('outcome-definitions/bought', bought).expect(200);
});
afterAll(() => service.close());

describe('accounts over HTTP', () => {
  it('are created with defaults, read back the same, and put again without change', async () => {
    const created = await put('accounts/clinic', { kind: 'company', name: 'Clinic' }).expect(200);
    expect(created.body).toEqual({
      accountId: 'clinic',
      kind: 'company',
      name: 'Clinic',
      segment: null,
      region: null,
      country: null,
      timeZone: null,
      locale: null,
      location: null,
      mode: 'assisted',
      attributes: {},
      stub: false,
    });
    expect((await get('accounts/clinic').expect(200)).body).toEqual(created.body);
    expect((await put('accounts/clinic', { kind: 'company', name: 'Clinic' }).expect(200)).body).toEqual(
      created.body,
    );
  });

  it('say of every bad field where it is and how to mend it', async () => {
    const { body, type } = await put('accounts/bad', {
      kind: 'robot',
      mode: 'manual',
      location: { lat: 91, lon: 'east' },
      colour: 'red',
    }).expect(422);
    expect(type).toBe('application/problem+json');
    const details = Object.fromEntries(
      body.errors.map(({ pointer, detail }: { pointer: string; detail: string }) => [pointer, detail]),
    );
    expect(details).toMatchObject({
      '/kind': 'must be one of person, company',
      '/mode': 'must be one of assisted, automated',
      '/location/lat': expect.stringContaining('from -90 to 90'),
      '/location/lon': expect.stringContaining('must be a number'),
      '/colour': expect.stringContaining('is not a known property'),
    });
  });

  it.each([
    ['a time zone that nobody has', { timeZone: 'Europe/Nowhere' }, '/timeZone', 'IANA'],
    ['a country in words', { country: 'de' }, '/country', 'ISO 3166'],
    ['an attribute that is an object', { attributes: { a: {} } }, '/attributes/a', 'must be a text'],
    ['a name with NUL', { name: 'a\u0000b' }, '/name', 'NUL'],
  ])('refuse %s', async (_, fields, pointer, detail) => {
    const { body } = await put('accounts/bad', { kind: 'company', ...fields }).expect(422);
    expect(body.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
  });

  it('are unknown with 404, even where the id could not be one', async () => {
    await get('accounts/nobody').expect(404);
    await get('accounts/%00').expect(404);
    await remove('accounts/nobody').expect(404);
  });

  it('have ids of 1 to 128 characters', async () => {
    await put(`accounts/${'x'.repeat(128)}`, { kind: 'company' }).expect(200);
    const { body } = await put(`accounts/${'x'.repeat(129)}`, { kind: 'company' }).expect(422);
    expect(body.errors[0].pointer).toBe('/accountId');
  });

  it('are listed by page, in order of id, each once, also by segment', async () => {
    for (let index = 0; index < 7; index += 1)
      await put(`accounts/list-${index}`, { kind: 'company', segment: index % 2 ? 'odd' : 'even' }).expect(
        200,
      );
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await get(`accounts?limit=2&segment=even${cursor}`).expect(200);
      seen.push(...body.items.map(({ accountId }: { accountId: string }) => accountId));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(['list-0', 'list-2', 'list-4', 'list-6']);
    expect((await get('accounts?stub=true').expect(200)).body).toEqual({ items: [], nextCursor: null });
  });

  it('refuse a list with a broken cursor or limit', async () => {
    const broken = await get('accounts?cursor=abc').expect(422);
    expect(broken.body.errors[0].pointer).toBe('/cursor');
    const limit = await get('accounts?limit=0').expect(422);
    expect(limit.body.errors[0].pointer).toBe('/limit');
  });

  it('need the scope catalogue to be changed, and read to be read', async () => {
    await put('accounts/clinic', { kind: 'company' }, reader).expect(403);
    await service.http.get('/api/v1/accounts').expect(401);
    const scorer = await service.key(['score']);
    await get('accounts', scorer.authorization).expect(403);
  });
});

describe('contacts over HTTP', () => {
  it('belong to a known account, and move with a put', async () => {
    const missing = await put('contacts/ana', { accountId: 'nobody' }).expect(404);
    expect(missing.body.errors).toEqual([
      { pointer: '/accountId', detail: expect.stringContaining('no account with id "nobody"') },
    ]);
    await put('accounts/here', { kind: 'company' }).expect(200);
    await put('contacts/ana', { accountId: 'here', email: 'ana@example.org' }).expect(200);
    await put('accounts/there', { kind: 'company' }).expect(200);
    await put('contacts/ana', { accountId: 'there', email: 'ana@example.org' }).expect(200);
    const listed = await get('contacts?accountId=there').expect(200);
    expect(listed.body.items).toMatchObject([
      { contactId: 'ana', accountId: 'there', email: 'ana@example.org' },
    ]);
    await remove('contacts/ana').expect(204);
    await get('contacts/ana').expect(404);
  });

  it('keep a withdrawal when they move', async () => {
    const consent = (await service.key(['consent'])).authorization;
    await put('accounts/from', { kind: 'company' }).expect(200);
    await put('accounts/to', { kind: 'company' }).expect(200);
    await put('contacts/nora', { accountId: 'from' }).expect(200);
    await service.http
      .post('/api/v1/contacts/nora/consents')
      .set({ authorization: consent })
      .send({ channelId: '*', purpose: '*', status: 'withdrawn', source: 'contact' })
      .expect(201);
    await put('contacts/nora', { accountId: 'to' }).expect(200);
    const facts = await service.database.query(`select status from consent_facts where account_id = 'to'`);
    expect(facts).toEqual([{ status: 'withdrawn' }]);
  });

  it('that are a person-account go with their account', async () => {
    await put('accounts/solo', { kind: 'person', name: 'Solo' }).expect(200);
    expect((await get('contacts/solo').expect(200)).body).toMatchObject({ accountId: 'solo', name: 'Solo' });
    const kept = await remove('contacts/solo').expect(409);
    expect(kept.body.detail).toContain('remove the account instead');
    await remove('accounts/solo').expect(204);
    await get('contacts/solo').expect(404);
  });
});

describe('the team over HTTP', () => {
  it('is assigned to accounts, and a key bound to a member sees these only', async () => {
    await put('accounts/mine', { kind: 'company' }).expect(200);
    await put('accounts/other', { kind: 'company' }).expect(200);
    await put('contacts/of-mine', { accountId: 'mine' }).expect(200);
    await put('contacts/of-other', { accountId: 'other' }).expect(200);
    await put('team-members/mia', { name: 'Mia', role: 'account-manager', capacity: { visit: 8 } }).expect(
      200,
    );
    const assigned = await put('accounts/mine/team/mia', {}).expect(200);
    expect(assigned.body).toEqual({ accountId: 'mine', memberId: 'mia', role: 'account-manager' });
    expect((await get('accounts/mine/team').expect(200)).body).toEqual({
      items: [assigned.body],
      nextCursor: null,
    });

    const own = (await service.key(['read', 'catalogue'], { memberId: 'mia' })).authorization;
    expect((await get('accounts', own).expect(200)).body.items).toMatchObject([{ accountId: 'mine' }]);
    expect((await get('contacts', own).expect(200)).body.items).toMatchObject([{ contactId: 'of-mine' }]);
    expect((await get('accounts?search=IN', own).expect(200)).body.items).toMatchObject([
      { accountId: 'mine' },
    ]);
    expect((await get('accounts?search=oth', own).expect(200)).body.items).toEqual([]);
    await get('accounts/mine', own).expect(200);
    await get('accounts/other', own).expect(404);
    await get('accounts/other/team', own).expect(404);
    await get('contacts/of-other', own).expect(404);
    await put('accounts/other', { kind: 'company', name: 'Stolen' }, own).expect(404);
    await put('contacts/of-other', { accountId: 'mine' }, own).expect(404);
    await put('contacts/of-mine', { accountId: 'other' }, own).expect(404);

    await remove('accounts/mine/team/mia').expect(204);
    await get('accounts/mine', own).expect(404);
  });

  it('says which id is unknown', async () => {
    await put('accounts/clinic', { kind: 'company' }).expect(200);
    const { body } = await put('accounts/clinic/team/nobody', {}).expect(404);
    expect(body.detail).toContain('no team member with id "nobody"');
  });

  it('refuses a capacity for what is no kind of channel', async () => {
    const { body } = await put('team-members/tom', {
      name: 'Tom',
      role: 'service',
      capacity: { fax: 3 },
    }).expect(422);
    expect(body.errors).toEqual([
      { pointer: '/capacity/fax', detail: expect.stringContaining('must be one of email') },
    ]);
  });
});

describe('what is offered, over HTTP', () => {
  it('answers CEL that does not type-check with the pointer and the sentence of the checker', async () => {
    await put('attribute-schemas/account', { attributes: { specialty: { type: 'string' } } }).expect(200);
    const wrong = 'account.attributes.speciality == "cardiology"';
    const { body } = await put('actions/x', { ...offer, eligibility: wrong }).expect(422);
    expect(body.errors).toEqual([
      { pointer: '/eligibility', detail: expect.stringContaining('No such key: speciality') },
    ]);
    const right = 'account.attributes.specialty == "cardiology"';
    const saved = await put('actions/x', { ...offer, eligibility: right }).expect(200);
    expect(saved.body).toMatchObject({
      actionId: 'x',
      lever: 1,
      mandatory: false,
      eligibility: right,
      value: null,
    });
  });

  it('lets eligibility name the features that exist', async () => {
    const { body } = await get('feature-definitions?limit=500').expect(200);
    const scalar = body.items.find((item: { by: string | null }) => !item.by);
    await put('actions/by-feature', { ...offer, eligibility: `features.${scalar.name} >= 0.0` }).expect(200);
    await put('actions/by-feature', { ...offer, eligibility: 'features.horoscope > 1.0' }).expect(422);
  });

  it('refuses a channel without its consent, hours that end before they begin, and unknown roles', async () => {
    const { body } = await put('channels/visit', {
      name: 'Visit',
      kind: 'visit',
      performedBy: 'robot',
    }).expect(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/consent',
      '/performedBy',
    ]);
    const hours = await put('channels/visit', { ...email, hours: { mon: [['17:00', '09:00']] } }).expect(422);
    expect(hours.body.errors[0]).toMatchObject({
      pointer: '/hours/mon/0',
      detail: expect.stringContaining('end after'),
    });
  });

  it('takes a product that is available from a time on, in the configured currency', async () => {
    const from = '2026-05-01T00:00:00+02:00';
    const { body } = await put('products/pump', {
      name: 'Pump',
      price: 9,
      margin: 3,
      available: { from },
    }).expect(200);
    expect(body).toMatchObject({ productId: 'pump', available: { from }, currency: 'EUR', topics: [] });
    const wrong = await put('products/pump', { name: 'Pump', price: 9, margin: 3, available: 'soon' }).expect(
      422,
    );
    expect(wrong.body.errors[0].pointer).toBe('/available');
  });

  it('keeps treatments under their action, and times as times', async () => {
    await put('actions/timed', {
      ...offer,
      validFrom: '2026-03-01T00:00:00Z',
      validUntil: '2026-02-01T00:00:00Z',
    }).expect(422);
    await put('actions/timed', { ...offer, validFrom: '2026-03-01T00:00:00+01:00' }).expect(200);
    expect((await get('actions/timed').expect(200)).body.validFrom).toBe('2026-02-28T23:00:00.000Z');
    await put('actions/timed/treatments/en', {
      channelId: 'email',
      locale: 'en',
      title: 'Hi',
      body: 'Text',
    }).expect(200);
    await put('actions/nothing/treatments/en', { channelId: 'email', title: 'Hi', body: 'Text' }).expect(404);
    expect((await get('actions/timed/treatments').expect(200)).body.items).toMatchObject([
      { treatmentId: 'en' },
    ]);
    await remove('actions/timed').expect(204);
    await get('actions/timed/treatments').expect(404);
  });

  it('does not remove what is still named: 409 says by whom', async () => {
    await put('actions/keeper', offer).expect(200);
    const { body } = await remove('channels/email').expect(409);
    expect(body.detail).toMatch(/action (x|keeper|by-feature)/);
  });

  it('writes the audit trail in the name of the key', async () => {
    await put('content/guide', { title: 'Guide', stage: 'ask' }).expect(200);
    const auditor = (await service.key(['audit'])).authorization;
    const { body } = await get('audit-entries?subjectId=guide', auditor).expect(200);
    expect(body.items).toMatchObject([
      { action: 'content.saved', subjectKind: 'content', subjectId: 'guide' },
    ]);
    expect(body.items[0].actor).not.toBe('system');
  });

  it('describes its bodies in the OpenAPI document', async () => {
    const { body } = await service.http.get('/openapi.json').expect(200);
    expect(body.components.schemas.ActionBody.required).toEqual(
      expect.arrayContaining(['name', 'intent', 'purpose', 'channelIds', 'outcomeId']),
    );
    expect(body.components.schemas.ActionBody.required).not.toContain('lever');
    expect(body.paths['/api/v1/imports/{kind}'].post.requestBody.content).toHaveProperty('text/csv');
  });
});
