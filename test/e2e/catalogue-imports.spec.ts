import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let editor: string;

beforeAll(async () => {
  service = await startTestService();
  editor = (await service.key(['catalogue', 'ingest', 'consent', 'feedback'])).authorization;
});
afterAll(() => service.close());

const post = (kind: string, type: string, body: string | Buffer, authorization = editor) =>
  service.http
    .post(`/api/v1/imports/${kind}`)
    .set({ authorization, 'content-type': type })
    .serialize((value) => value)
    .send(body);
const ndjson = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const count = async (table: string): Promise<number> => {
  const [row] = await service.database.query<{ n: number }[]>(`select count(*)::int as n from ${table}`);
  return row?.n ?? 0;
};

describe('bulk import', () => {
  it('takes NDJSON, keeps the valid rows and names the others by line', async () => {
    const rows = [
      { accountId: 'n1', kind: 'company' },
      { accountId: 'n2', kind: 'robot', country: 'x' },
      { accountId: 'n3', kind: 'company', colour: 'red' },
      { accountId: 'n4', kind: 'person' },
    ];
    const body = `${ndjson(rows)}\n\n{"accountId": \n[1]\n`;
    const { body: answer } = await post('accounts', 'application/x-ndjson', body).expect(200);
    expect(answer).toMatchObject({ accepted: 2, rejectedCount: 4 });
    expect(answer.rejected).toEqual([
      {
        line: 2,
        pointer: '/kind',
        reason: expect.stringMatching(/must be one of person, company; \/country: must be/),
      },
      { line: 3, pointer: '/colour', reason: expect.stringContaining('not a known property') },
      { line: 6, pointer: '', reason: expect.stringContaining('is not JSON') },
      { line: 7, pointer: '', reason: expect.stringContaining('one JSON object a line') },
    ]);
  });

  it('takes CSV with dotted columns, lists, quotes and empty cells, typed by the attribute schema', async () => {
    await service.http
      .put('/api/v1/attribute-schemas/account')
      .set({ authorization: editor })
      .send({ attributes: { beds: { type: 'number' }, teaching: { type: 'boolean' } } })
      .expect(200);
    const csv = [
      'accountId,kind,name,location.lat,location.lon,attributes.beds,attributes.teaching,attributes.note',
      'c1,company,"Clinic, ""North""",52.5,13.4,120,true,007',
      'c2,company,,,,many,,',
      'c3,company,too,few',
      'c4,person,,,,,false,',
    ].join('\r\n');
    const { body } = await post('accounts', 'text/csv; charset=utf-8', `\uFEFF${csv}\r\n`).expect(200);
    expect(body).toMatchObject({ accepted: 2, rejectedCount: 2 });
    expect(body.rejected).toEqual([
      { line: 3, pointer: '/attributes/beds', reason: expect.stringContaining('must be a number') },
      { line: 4, pointer: '', reason: expect.stringContaining('4 cells, but the header has 8') },
    ]);
    const reader = (await service.key(['read'])).authorization;
    const { body: saved } = await service.http.get('/api/v1/accounts/c1').set({ authorization: reader });
    expect(saved).toMatchObject({
      name: 'Clinic, "North"',
      location: { lat: 52.5, lon: 13.4 },
      attributes: { beds: 120, teaching: true, note: '007' },
    });
  });

  it('takes products and channels as CSV, with their lists and hours', async () => {
    const products =
      'productId,name,price,margin,topics,available\np1,Pump,9.5,3,dosage|safety,2026-05-01T00:00:00Z\n';
    expect((await post('products', 'text/csv', products).expect(200)).body).toMatchObject({ accepted: 1 });
    const channels =
      'channelId,name,kind,performedBy,consent,hours.mon\nvisit,Visit,visit,account-manager,opt-out,09:00-12:00|13:00-17:00\n';
    expect((await post('channels', 'text/csv', channels).expect(200)).body).toMatchObject({ accepted: 1 });
    const [product] = await service.database.query('select topics, available from products');
    expect(product).toEqual({ topics: ['dosage', 'safety'], available: { from: '2026-05-01T00:00:00Z' } });
    const [channel] = await service.database.query('select hours from channels');
    expect(channel.hours).toEqual({
      mon: [
        ['09:00', '12:00'],
        ['13:00', '17:00'],
      ],
    });
  });

  it('refuses a CSV with a wrong column before anything is saved, naming it, the line and the columns', async () => {
    const before = await count('accounts');
    const { body } = await post('accounts', 'text/csv', 'accountId,kind,segmnt\nw1,company,a\n').expect(422);
    expect(body.errors).toEqual([
      {
        pointer: '/segmnt',
        detail: expect.stringMatching(/^line 1: "segmnt" is not a column here; .*segment.*attributes\.\*/),
      },
    ]);
    const missing = await post('accounts', 'text/csv', 'kind,segment\ncompany,a\n').expect(422);
    expect(missing.body.errors).toEqual([
      { pointer: '/accountId', detail: 'line 1: the column "accountId" is missing' },
    ]);
    expect(await count('accounts')).toBe(before);
  });

  it('takes gzip of either format, in many chunks and batches', async () => {
    const before = await count('accounts');
    const rows = Array.from({ length: 3456 }, (_, index) => ({ accountId: `g${index}`, kind: 'person' }));
    const json = await post('accounts', 'application/gzip', gzipSync(ndjson(rows))).expect(200);
    expect(json.body).toMatchObject({ accepted: 3456, rejectedCount: 0 });
    const csv = ['contactId,accountId', ...rows.map((row, index) => `gc${index},${row.accountId}`)].join(
      '\n',
    );
    const packed = await post('contacts', 'text/csv', gzipSync(csv)).expect(200);
    expect(packed.body).toMatchObject({ accepted: 3456, rejectedCount: 0 });
    expect(await count('accounts')).toBe(before + 3456);
  });

  it('counts every rejected row and shows the first thousand', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => ({
      contactId: `r${index}`,
      accountId: 'nobody',
    }));
    const { body } = await post('contacts', 'application/x-ndjson', ndjson(rows)).expect(200);
    expect(body).toMatchObject({ accepted: 0, rejectedCount: 2500 });
    expect(body.rejected).toHaveLength(1000);
    expect(body.rejected[999]).toMatchObject({ line: 1000, pointer: '/accountId' });
  });

  it('says where a broken file ends, and keeps what it says that it took', async () => {
    const before = await count('accounts');
    const rows = Array.from({ length: 4000 }, (_, index) => ({ accountId: `b${index}`, kind: 'person' }));
    const whole = gzipSync(ndjson(rows));
    const { body } = await post('accounts', 'application/gzip', whole.subarray(0, whole.length - 200)).expect(
      200,
    );
    expect(body.rejected).toEqual([
      {
        line: expect.any(Number),
        pointer: '',
        reason: expect.stringMatching(/gzip.*rest of the file was not read/),
      },
    ]);
    expect(await count('accounts')).toBe(before + body.accepted);
    const quote = await post('accounts', 'text/csv', 'accountId,kind\nq1,company\n"q2,company\n').expect(200);
    expect(quote.body).toMatchObject({ accepted: 1, rejectedCount: 1 });
  });

  it('has a name for every kind, and refuses others, other types, and keys without the scope', async () => {
    const { body } = await post('horses', 'text/csv', 'a\n1\n').expect(404);
    expect(body.detail).toContain('accounts');
    const json = await service.http
      .post('/api/v1/imports/accounts')
      .set({ authorization: editor })
      .send({ accountId: 'x', kind: 'person' })
      .expect(415);
    expect(json.body.detail).toContain('application/x-ndjson');
    const ingest = (await service.key(['ingest'])).authorization;
    await post('accounts', 'text/csv', 'accountId,kind\nx,person\n', ingest).expect(403);
    await service.http
      .put('/api/v1/accounts/x')
      .set({ authorization: editor, 'content-type': 'text/csv' })
      .serialize((value) => value)
      .send('a,b')
      .expect(415);
  });

  it('refuses a key that is bound to a member', async () => {
    const member = JSON.stringify({ memberId: 'mia', name: 'Mia', role: 'account-manager' });
    await post('team-members', 'application/x-ndjson', member).expect(200);
    const own = (await service.key(['catalogue'], { memberId: 'mia' })).authorization;
    await post('accounts', 'text/csv', 'accountId,kind\nx,person\n', own).expect(403);
  });

  it('takes past events once each, folds them, and sets aside what is impossible', async () => {
    const csv = [
      'messageId,name,accountId,contactId,occurredAt,properties.topic,properties.value',
      'm1,Content Viewed,g1,g1,2026-01-05T10:00:00Z,dosage,2.5',
      'm2,Content Viewed,g1,g1,2026-01-06T10:00:00Z,dosage,1',
      'm3,Content Viewed,g1,g1,yesterday,dosage,1',
    ].join('\n');
    const { body } = await post('events', 'text/csv', csv).expect(200);
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, rejectedCount: 1 });
    expect(body.rejected).toMatchObject([{ line: 4, pointer: '/occurredAt' }]);
    expect((await post('events', 'text/csv', csv).expect(200)).body).toMatchObject({
      accepted: 0,
      duplicates: 2,
    });
    const [event] = await service.database.query(
      `select origin, occurred_at = recorded_at as same, properties from events where message_id = 'm1'`,
    );
    expect(event).toMatchObject({
      origin: 'import',
      same: true,
      properties: { topic: 'dosage', value: 2.5 },
    });
  });

  it('takes consents with source import, and contact rules', async () => {
    const consents =
      'contactId,channelId,purpose,status\ng1,*,marketing,granted\nnobody,*,marketing,granted\n';
    const { body } = await post('consents', 'text/csv', consents).expect(200);
    expect(body).toMatchObject({
      accepted: 1,
      rejectedCount: 1,
      rejected: [{ line: 3, pointer: '/contactId' }],
    });
    expect(await service.database.query('select source from consent_facts')).toEqual([{ source: 'import' }]);
    const rules = ndjson([
      { ruleId: 'weekly', kind: 'cap', limit: 3, days: 7, per: 'contact' },
      { ruleId: 'night', kind: 'quiet-hours', from: '20:00', to: '25:00', restDays: 'country' },
    ]);
    const saved = await post('contact-rules', 'application/x-ndjson', rules).expect(200);
    expect(saved.body).toMatchObject({ accepted: 1, rejected: [{ line: 2, pointer: '/to' }] });
  });

  it('takes outcomes, once each by their reference', async () => {
    const bought = { outcomeId: 'bought', event: 'Order Completed', withinDays: 14 };
    await post('outcome-definitions', 'application/x-ndjson', ndjson([bought])).expect(200);
    const csv = [
      'outcomeRef,outcomeId,accountId,value,occurredAt',
      'o1,bought,g1,12.5,2026-02-01T10:00:00Z',
      'o1,bought,g1,12.5,2026-02-01T10:00:00Z',
      'o2,bought,nobody,1,2026-02-01T10:00:00Z',
      'o3,bought,g1,much,2026-02-01T10:00:00Z',
    ].join('\n');
    const { body } = await post('outcomes', 'text/csv', csv).expect(200);
    expect(body.rejected).toMatchObject([
      { line: 4, pointer: '/accountId' },
      { line: 5, pointer: '/value' },
    ]);
    expect(await count('outcomes')).toBe(1);
  });
});
