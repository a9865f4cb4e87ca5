import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeptAnswers } from '../../src/access/index.js';
import { startTestService, type TestService } from '../support/service.js';

const HOUR = 3_600_000;

let service: TestService;
let consent: string;
let contact = '';
let contacts = 0;

beforeAll(async () => {
  service = await startTestService();
  consent = (await service.key(['consent', 'catalogue'])).authorization;
});

beforeEach(async () => {
  contacts += 1;
  contact = `person-${contacts}`;
  await service.http
    .put(`/api/v1/accounts/${contact}`)
    .set({ authorization: consent })
    .send({ name: contact, kind: 'person' })
    .expect(200);
});

afterAll(() => service.close());

const withdrawal = { channelId: '*', purpose: '*', status: 'withdrawn', source: 'member' };

/** Each one that is taken makes one more fact. */
const state = (key: string | undefined, body: object = withdrawal, authorization = consent) =>
  service.http
    .post(`/api/v1/contacts/${contact}/consents`)
    .set({ authorization, ...(key === undefined ? {} : { 'idempotency-key': key }) })
    .send(body);

async function facts(): Promise<number> {
  const [row] = await service.database.query<{ count: string }[]>(
    'select count(*) from consent_facts where contact_id = $1',
    [contact],
  );
  return Number(row?.count);
}

describe('Idempotency-Key', () => {
  it('gives a repetition the first answer and changes nothing again', async () => {
    const first = await state('a').expect(201);
    const again = await state('a').expect(201);
    expect(again.text).toBe(first.text);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await facts()).toBe(1);
    await state('b').expect(201);
    await state(undefined).expect(201);
    expect(await facts()).toBe(3);
  });

  it('lets one of many at once through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => state('at-once')));
    expect(await facts()).toBe(1);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const bodies = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text));
    expect(bodies.size).toBe(1);
  });

  it('says 409 while the first is being worked on, until that can only have died', async () => {
    const answers = service.app.get(KeptAnswers, { strict: false });
    const claim = (at: Date) =>
      answers.claim({ callerId: 'key', idempotencyKey: 'slow', fingerprint: 'f', at });
    const now = service.clock.now();
    expect(await claim(now)).toEqual({ kind: 'first' });
    expect(await claim(new Date(now.getTime() + 60_000))).toEqual({ kind: 'in-flight' });
    expect(await claim(new Date(now.getTime() + 120_000))).toEqual({ kind: 'first' });
  });

  it('refuses another request under the same key', async () => {
    await state('c').expect(201);
    const other = await state('c', { ...withdrawal, purpose: 'marketing' }).expect(422);
    expect(other.body).toMatchObject({ type: 'about:blank#idempotency-key-reused', status: 422 });
    const path = await service.http
      .delete(`/api/v1/accounts/${contact}`)
      .set({ authorization: consent, 'idempotency-key': 'c' })
      .expect(422);
    expect(path.body.title).toBe('Idempotency-Key used before');
    expect(await facts()).toBe(1);
  });

  it('belongs to the caller who sent it', async () => {
    const somebodyElse = (await service.key(['consent'])).authorization;
    await state('d').expect(201);
    const other = await state('d', withdrawal, somebodyElse).expect(201);
    expect(other.headers['idempotency-replayed']).toBeUndefined();
    expect(await facts()).toBe(2);
  });

  it('keeps no refusal: the same key goes with the mended request', async () => {
    await state('e', { ...withdrawal, status: 'maybe' }).expect(422);
    await state('e').expect(201);
    expect(await facts()).toBe(1);
  });

  it('keeps answers for 24 hours', async () => {
    await state('f').expect(201);
    service.clock.advance(24 * HOUR - 1);
    await state('f').expect(201);
    expect(await facts()).toBe(1);
    service.clock.advance(1);
    await state('f').expect(201);
    expect(await facts()).toBe(2);
  });

  it('goes with answers that have no content', async () => {
    const remove = () =>
      service.http
        .delete(`/api/v1/accounts/${contact}`)
        .set({ authorization: consent, 'idempotency-key': 'gone' });
    const first = await remove();
    const again = await remove();
    expect([first.status, again.status]).toEqual([204, 204]);
    expect(again.text).toBe('');
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is refused when it is too long or not plain', async () => {
    await state('x'.repeat(256)).expect(422);
    await state('two words').expect(422);
    await state('x'.repeat(255)).expect(201);
  });

  it('is not looked at where nothing changes', async () => {
    const read = () =>
      service.http
        .get('/api/v1/session')
        .set({ authorization: consent, 'idempotency-key': 'read' })
        .expect(200);
    await read();
    const again = await read();
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  });
});
