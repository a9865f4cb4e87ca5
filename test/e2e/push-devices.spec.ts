import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_SUBSCRIPTIONS, PushDevices, SendPushes } from '../../src/delivery/index.js';
import { Browser, type PushService, startPushService } from '../support/push-service.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let strict: TestService;
let pushes: PushService;
let mia: string;
let tom: string;
/** Mia's key to a service that calls no private network. */
let outside: string;

beforeAll(async () => {
  [service, strict, pushes] = await Promise.all([
    startTestService({ config: { webhookAllowPrivate: true } }),
    startTestService(),
    startPushService(),
  ]);
  for (const memberId of ['mia', 'tom', 'ann']) await saveMember(service, memberId);
  await saveMember(strict, 'mia');
  mia = (await service.key(['read'], { memberId: 'mia' })).authorization;
  tom = (await service.key(['read'], { memberId: 'tom' })).authorization;
  outside = (await strict.key(['read'], { memberId: 'mia' })).authorization;
});
afterAll(() => Promise.all([service.close(), strict.close(), pushes.close()]));

async function saveMember({ http, key }: TestService, memberId: string): Promise<void> {
  const { authorization } = await key(['catalogue']);
  const member = { name: memberId, role: 'account-manager' };
  await http.put(`/api/v1/team-members/${memberId}`).set({ authorization }).send(member).expect(200);
}

const path = '/api/v1/push/subscriptions';
const register = (authorization: string, browser: Browser, more: object = {}) =>
  service.http
    .post(path)
    .set({ authorization })
    .send({ ...browser.toJSON(), ...more });
const listed = async (authorization: string) => {
  const { body } = await service.http.get(path).set({ authorization }).expect(200);
  return (body as { items: { subscriptionId: string; device: string | null; rangAt: string | null }[] })
    .items;
};

describe('the stand-in', () => {
  it('decrypts as RFC 8291 shows in its example', () => {
    const browser = new Browser('https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV', {
      privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    });
    const body =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
    expect(browser.read(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon');
  });
});

describe('the devices of a member', () => {
  it('are bound to one public key, made once and kept in the database', async () => {
    const { body } = await service.http.get('/api/v1/push/key').set({ authorization: mia }).expect(200);
    const key = Buffer.from((body as { publicKey: string }).publicKey, 'base64url');
    expect(key).toHaveLength(65);
    expect(key[0]).toBe(4);
    const kept = await service.database.query('select name, length(secret) as length from own_secrets');
    expect(kept).toContainEqual({ name: 'web-push', length: 43 });
    const again = await startTestService({ beside: service });
    expect(again.app.get(PushDevices, { strict: false }).publicKey).toBe(
      (body as { publicKey: string }).publicKey,
    );
    await again.close();
  });

  it('are added, renewed, listed without what could ring them, and removed', async () => {
    const phone = pushes.browser('phone');
    const added = await register(mia, phone, { device: 'Phone', language: 'fa' }).expect(201);
    expect(added.body).toEqual({
      subscriptionId: expect.stringMatching(/^push_[0-9a-f]{32}$/),
      service: new URL(pushes.url).host,
      device: 'Phone',
      language: 'fa',
      detailed: true,
      createdAt: service.clock.now().toISOString(),
      expiresAt: null,
      rangAt: null,
    });
    const renewed = await register(mia, phone, { device: 'Pocket', detailed: false }).expect(201);
    expect(renewed.body.subscriptionId).toBe(added.body.subscriptionId);
    expect(await listed(mia)).toMatchObject([{ device: 'Pocket', detailed: false, language: 'en' }]);
    const { text } = await service.http.get(path).set({ authorization: mia });
    const { endpoint, keys } = phone.toJSON();
    for (const secret of [endpoint, keys.auth, keys.p256dh]) expect(text).not.toContain(secret);
    const own = `${path}/${added.body.subscriptionId}`;
    await service.http.delete(own).set({ authorization: tom }).expect(404);
    await service.http.post(`${own}/tests`).set({ authorization: tom }).expect(404);
    await service.http.delete(own).set({ authorization: mia }).expect(204);
    await service.http.delete(own).set({ authorization: mia }).expect(404);
    await service.http.delete(`${path}/%00`).set({ authorization: mia }).expect(404);
    expect(await listed(mia)).toEqual([]);
  });

  it('ring for whoever signed in there last, and for nobody before her', async () => {
    const shared = pushes.browser('shared');
    const { body } = await register(mia, shared).expect(201);
    await service.http.post(`${path}/${body.subscriptionId}/tests`).set({ authorization: mia }).expect(202);
    await register(tom, shared).expect(201);
    expect(await listed(mia)).toEqual([]);
    expect(await listed(tom)).toHaveLength(1);
    await service.app.get(SendPushes, { strict: false }).runDue(service.clock.now());
    expect(pushes.at(shared)).toEqual([]);
  });

  it('ring once for a test', async () => {
    const tablet = pushes.browser('tablet');
    const { body } = await register(mia, tablet, { language: 'fa' }).expect(201);
    await service.http.post(`${path}/${body.subscriptionId}/tests`).set({ authorization: mia }).expect(202);
    const send = service.app.get(SendPushes, { strict: false });
    expect(await send.runDue(service.clock.now())).toBe(1);
    expect(await send.runDue(service.clock.now())).toBe(0);
    expect(pushes.readBy(tablet)).toEqual([
      { kind: 'test', id: expect.stringMatching(/^msg_/), language: 'fa' },
    ]);
    expect((await listed(mia))[0]?.rangAt).toBe(service.clock.now().toISOString());
  });

  it('are not more than a member can have', async () => {
    const ann = (await service.key(['read'], { memberId: 'ann' })).authorization;
    for (let number = 0; number < MOST_SUBSCRIPTIONS; number += 1)
      await register(ann, pushes.browser(`ann-${number}`)).expect(201);
    const { body } = await register(ann, pushes.browser('one more')).expect(409);
    expect(body.detail).toMatch(/at most 20 devices/);
    await register(ann, new Browser(`${pushes.url}/ann-0`)).expect(201);
  });

  it('belong to somebody: a key of nobody has none', async () => {
    const nobody = (await service.key(['read'])).authorization;
    for (const answer of [
      await service.http.get(path).set({ authorization: nobody }),
      await register(nobody, pushes.browser('nobodys')),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      expect(answer.body.detail).toMatch(/team member/);
    }
    await service.http.get(path).expect(401);
  });
});

describe('what is no subscription', () => {
  const good = (): ReturnType<Browser['toJSON']> => new Browser('https://push.example.org/x').toJSON();

  it.each([
    ['/endpoint', { endpoint: 'no url' }],
    ['/endpoint', { endpoint: 'ftp://push.example.org/x' }],
    ['/endpoint', { endpoint: `https://push.example.org/${'x'.repeat(2000)}` }],
    ['/keys', { keys: undefined }],
    ['/keys/auth', { keys: { ...good().keys, auth: 'short' } }],
    ['/keys/p256dh', { keys: { ...good().keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } }],
    ['/keys/p256dh', { keys: { ...good().keys, p256dh: `${good().keys.p256dh}!` } }],
    ['/expirationTime', { expirationTime: 1 }],
    ['/expirationTime', { expirationTime: 'soon' }],
    ['/language', { language: 'tlh' }],
    ['/color', { color: 'red' }],
  ])('is refused at %s', async (pointer, change) => {
    const answer = await service.http
      .post(path)
      .set({ authorization: mia })
      .send({ ...good(), ...change });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer, detail: expect.any(String) }]);
  });

  it.each([
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://169.254.169.254/latest',
    'https://localhost/x',
    'https://push.internal/x',
    'http://push.example.org/x',
  ])('nor is one inside a private network, or in the clear: %s', async (endpoint) => {
    const answer = await strict.http
      .post(path)
      .set({ authorization: outside })
      .send({ ...good(), endpoint });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer: '/endpoint', detail: expect.any(String) }]);
  });
});
