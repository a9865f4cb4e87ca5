import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsentStatement } from '../../src/consent/index.js';
import { type Touch, TouchLog } from '../../src/events/index.js';
import { DAY, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let auth: string;
let serial = 0;

const HOUR_LATER = 3_600_000;
const channels = {
  email: { kind: 'email', performedBy: 'automatic', consent: 'opt-in' },
  podcast: { kind: 'podcast', performedBy: 'automatic', consent: 'opt-in' },
  visit: { kind: 'visit', performedBy: 'account-manager', consent: 'opt-out' },
  call: { kind: 'call', performedBy: 'account-manager', consent: 'opt-out' },
};

async function put(path: string, body: object): Promise<void> {
  const { authorization } = await service.key(['admin']);
  const answer = await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
  if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

beforeAll(async () => {
  service = await startTestService();
  auth = (await service.key(['consent', 'read'])).authorization;
  for (const [channelId, channel] of Object.entries(channels))
    await put(`channels/${channelId}`, { name: channelId, costPerTouch: 0, leadTimeHours: 0, ...channel });
  for (const productId of ['P', 'Q'])
    await put(`products/${productId}`, {
      name: productId,
      price: 10,
      margin: 5,
      currency: 'EUR',
      topics: [],
      available: true,
    });
}, 60_000);

afterAll(async () => {
  await service?.close();
});

/** A contact of whom nothing is known, in an account of its own. */
async function newContact(): Promise<{ accountId: string; contactId: string }> {
  serial += 1;
  const [accountId, contactId] = [`account-${serial}`, `contact-${serial}`];
  await put(`accounts/${accountId}`, { name: 'Acme', kind: 'company', mode: 'assisted', attributes: {} });
  await put(`contacts/${contactId}`, { accountId, name: 'Ana', attributes: {} });
  return { accountId, contactId };
}

type Said = Partial<Omit<ConsentStatement, 'channelId' | 'purpose' | 'productId'>> & {
  on: string;
  productId?: string;
};

async function say(contactId: string, { on, ...rest }: Said) {
  const [channelId, purpose] = on.split('·');
  const body = { channelId, purpose, source: 'contact', ...rest };
  return service.http.post(`/api/v1/contacts/${contactId}/consents`).set({ authorization: auth }).send(body);
}

/** Says these things an hour apart, and gives the contact. */
async function after(...said: Said[]): Promise<string> {
  const { contactId } = await newContact();
  for (const one of said) {
    service.clock.advance(HOUR_LATER);
    const answer = await say(contactId, one);
    expect(answer.status).toBe(201);
  }
  service.clock.advance(HOUR_LATER);
  return contactId;
}

interface Standing {
  channelId: string;
  purpose: string;
  allowed: boolean;
  because: string;
  until?: string;
}

async function consents(
  contactId: string,
): Promise<{ status: Standing[]; history: Record<string, unknown>[] }> {
  const answer = await service.http
    .get(`/api/v1/contacts/${contactId}/consents`)
    .set({ authorization: auth });
  expect(answer.status).toBe(200);
  return answer.body;
}

async function standing(contactId: string, on: string): Promise<Standing> {
  const { status } = await consents(contactId);
  const found = status.find((one) => `${one.channelId}·${one.purpose}` === on);
  if (!found) throw new Error(`no status for ${on}`);
  return found;
}

const allowed = async (contactId: string, on: string): Promise<boolean> =>
  (await standing(contactId, on)).allowed;
const now = (days = 0): Date => new Date(service.clock.now().getTime() + days * DAY);

describe('the worked cases of consent over HTTP', () => {
  it('nothing said: an opt-in channel is closed', async () => {
    expect(await allowed(await after(), 'email·marketing')).toBe(false);
  });

  it('nothing said: an opt-out channel is open', async () => {
    expect(await allowed(await after(), 'visit·sales')).toBe(true);
  });

  it('granted for marketing: open for marketing, not for medical', async () => {
    const contact = await after({ on: 'email·marketing', status: 'granted' });
    expect(await allowed(contact, 'email·marketing')).toBe(true);
    expect(await allowed(contact, 'email·medical')).toBe(false);
  });

  it('asked for and not confirmed: closed', async () => {
    const contact = await after({ on: 'email·marketing', status: 'pending' });
    expect(await standing(contact, 'email·marketing')).toMatchObject({
      allowed: false,
      because: expect.stringContaining('not confirmed'),
    });
  });

  it('granted for all purposes, withdrawn for marketing: only marketing is closed', async () => {
    const contact = await after(
      { on: 'email·*', status: 'granted' },
      { on: 'email·marketing', status: 'withdrawn' },
    );
    expect(await allowed(contact, 'email·marketing')).toBe(false);
    expect(await allowed(contact, 'email·service')).toBe(true);
  });

  it('everything granted, everything withdrawn: nothing is open', async () => {
    const contact = await after({ on: '*·*', status: 'granted' }, { on: '*·*', status: 'withdrawn' });
    const { status } = await consents(contact);
    expect(status).toHaveLength(4 * 5);
    expect(status.filter((one) => one.allowed)).toEqual([]);
  });

  it('everything withdrawn, one thing granted again: that is open, the rest is not', async () => {
    const contact = await after(
      { on: '*·*', status: 'withdrawn' },
      { on: 'podcast·medical', status: 'granted', source: 'contact' },
    );
    expect(await allowed(contact, 'podcast·medical')).toBe(true);
    expect(await allowed(contact, 'email·medical')).toBe(false);
  });

  it('withdrawn for e-mail, granted for marketing on every channel: less specific, so e-mail stays closed', async () => {
    const contact = await after(
      { on: 'email·*', status: 'withdrawn' },
      { on: '*·marketing', status: 'granted' },
    );
    expect(await allowed(contact, 'email·marketing')).toBe(false);
  });

  it('everything withdrawn, everything granted again: open', async () => {
    const contact = await after({ on: '*·*', status: 'withdrawn' }, { on: '*·*', status: 'granted' });
    expect(await allowed(contact, 'visit·sales')).toBe(true);
  });

  it('withdrawn, then granted by an import: closed', async () => {
    const contact = await after(
      { on: 'email·marketing', status: 'withdrawn' },
      { on: 'email·marketing', status: 'granted', source: 'import' },
    );
    expect(await allowed(contact, 'email·marketing')).toBe(false);
  });

  it('granted, and withdrawn for one product: the general status stays open', async () => {
    const contact = await after(
      { on: 'email·marketing', status: 'granted' },
      { on: 'email·marketing', status: 'withdrawn', productId: 'P' },
    );
    expect(await allowed(contact, 'email·marketing')).toBe(true);
    expect((await consents(contact)).history).toMatchObject([
      { status: 'granted', productId: null },
      { status: 'withdrawn', productId: 'P', recordedBy: expect.any(String) },
    ]);
  });

  it('granted until yesterday: closed', async () => {
    const { contactId } = await newContact();
    await say(contactId, {
      on: 'email·marketing',
      status: 'granted',
      effectiveAt: now(-9),
      expiresAt: now(-1),
    });
    expect(await standing(contactId, 'email·marketing')).toMatchObject({
      allowed: false,
      because: expect.stringContaining('lapsed'),
    });
  });

  it('withdrawn until yesterday: open', async () => {
    const { contactId } = await newContact();
    await say(contactId, { on: 'visit·*', status: 'withdrawn', effectiveAt: now(-9), expiresAt: now(-1) });
    expect(await allowed(contactId, 'visit·sales')).toBe(true);
  });

  it('withdrawn from tomorrow: open today, and the end is told', async () => {
    const { contactId } = await newContact();
    const tomorrow = now(1);
    await say(contactId, { on: 'call·sales', status: 'withdrawn', effectiveAt: tomorrow });
    expect(await standing(contactId, 'call·sales')).toMatchObject({
      allowed: true,
      until: tomorrow.toISOString(),
    });
    service.clock.advance(2 * DAY);
    expect(await allowed(contactId, 'call·sales')).toBe(false);
  });
});

const PLANNED: Omit<Touch, 'touchId' | 'accountId' | 'contactId' | 'at'> = {
  channelId: 'email' as Touch['channelId'],
  purpose: 'marketing',
  actionId: null,
  productIds: [],
  topics: [],
  role: 'automatic',
  memberId: null,
  state: 'planned',
};

async function plan(who: { accountId: string; contactId: string }, changes: object): Promise<void> {
  const touch = { ...PLANNED, ...who, at: now(1), ...changes } as Touch;
  await service.app
    .get(Transactions, { strict: false })
    .run((within) => service.app.get(TouchLog, { strict: false }).put([touch], within));
}

describe('a withdrawal', () => {
  it('cancels what is planned and names what is already being sent', async () => {
    const who = await newContact();
    await say(who.contactId, { on: 'email·*', status: 'granted' });
    service.clock.advance(HOUR_LATER);
    await plan(who, { touchId: `${who.contactId}-planned` });
    await plan(who, { touchId: `${who.contactId}-sending`, state: 'sending', at: now() });
    await plan(who, { touchId: `${who.contactId}-service`, purpose: 'service' });
    const { body } = await say(who.contactId, { on: 'email·marketing', status: 'withdrawn' });
    expect(body).toEqual({
      consentId: expect.any(String),
      recordedAt: now().toISOString(),
      withdrawnSuggestions: [],
      cancelledTouches: [`${who.contactId}-planned`],
      inFlight: [`${who.contactId}-sending`],
    });
  });

  it('that takes effect before a planned touch cancels it at once', async () => {
    const who = await newContact();
    await plan(who, { touchId: `${who.contactId}-call`, channelId: 'call', purpose: 'sales', at: now(3) });
    const { body } = await say(who.contactId, { on: 'call·sales', status: 'withdrawn', effectiveAt: now(1) });
    expect(body.cancelledTouches).toEqual([`${who.contactId}-call`]);
  });

  it('raises the policy epoch of its account and leaves a trace in the audit trail', async () => {
    const { accountId, contactId } = await newContact();
    const epoch = async (): Promise<number> => {
      const [row] = await service.database.query(
        'select policy_epoch from account_state where account_id = $1',
        [accountId],
      );
      return Number(row.policy_epoch);
    };
    const before = await epoch();
    await say(contactId, { on: '*·*', status: 'withdrawn', wording: 'leave me alone' });
    expect(await epoch()).toBe(before + 1);
    const trail = await service.database.query(
      `select action from audit_entries where subject_id = $1 and action = 'consent.recorded'`,
      [contactId],
    );
    expect(trail).toHaveLength(1);
  });
});

describe('a consent that cannot be recorded', () => {
  it('is refused with a pointer to every bad field and how to mend it', async () => {
    const { contactId } = await newContact();
    const answer = await service.http
      .post(`/api/v1/contacts/${contactId}/consents`)
      .set({ authorization: auth })
      .send({ channelId: 'email', purpose: 'spam', status: 'maybe', effectiveAt: 'yesterday', opt: true });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      '/effectiveAt',
      '/opt',
      '/purpose',
      '/source',
      '/status',
    ]);
  });

  it('is refused when it would never hold', async () => {
    const { contactId } = await newContact();
    const answer = await say(contactId, { on: 'email·marketing', status: 'granted', expiresAt: now(-1) });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: '/expiresAt' }]);
  });

  it('is not found for an unknown contact, channel or product', async () => {
    const { contactId } = await newContact();
    expect((await say('nobody', { on: '*·*', status: 'withdrawn' })).status).toBe(404);
    expect((await say(contactId, { on: 'telegraph·*', status: 'withdrawn' })).status).toBe(404);
    expect((await say(contactId, { on: '*·*', status: 'withdrawn', productId: 'X' })).status).toBe(404);
  });

  it('needs the scope for consent', async () => {
    const { contactId } = await newContact();
    const { authorization } = await service.key(['read']);
    const answer = await service.http
      .post(`/api/v1/contacts/${contactId}/consents`)
      .set({ authorization })
      .send({ channelId: '*', purpose: '*', status: 'withdrawn', source: 'contact' });
    expect(answer.status).toBe(403);
  });

  it('is not found by a member who does not look after the account', async () => {
    const { contactId, accountId } = await newContact();
    await put('team-members/kim', { name: 'Kim', role: 'account-manager' });
    const { authorization } = await service.key(['consent'], { memberId: 'kim' });
    const withdraw = () =>
      service.http
        .post(`/api/v1/contacts/${contactId}/consents`)
        .set({ authorization })
        .send({ channelId: '*', purpose: '*', status: 'withdrawn', source: 'member' });
    expect((await withdraw()).status).toBe(404);
    await put(`accounts/${accountId}/team/kim`, {});
    expect((await withdraw()).status).toBe(201);
    expect((await consents(contactId)).history).toMatchObject([{ recordedBy: 'kim', source: 'member' }]);
  });
});
