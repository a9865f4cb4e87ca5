import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditChain, AuditTrail } from '../../src/access/index.js';
import { Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let chain: AuditChain;

beforeAll(async () => {
  service = await startTestService();
  chain = service.app.get(AuditChain, { strict: false });
});
afterAll(() => service?.close());
beforeEach(() => service.database.query('truncate audit_entries, audit_seals restart identity'));

async function record(...subjects: string[]): Promise<void> {
  await service.app.get(AuditTrail, { strict: false }).record(
    subjects.map((subjectId) => ({
      actor: 'mia',
      action: 'consent.recorded',
      subjectKind: 'contact',
      subjectId,
      detail: { note: `about ${subjectId}` },
    })),
  );
}

/** As somebody who may do anything with the tables. */
async function tamper(table: string, change: string): Promise<void> {
  await service.database.query(`alter table ${table} disable trigger user`);
  await service.database.query(change);
  await service.database.query(`alter table ${table} enable trigger user`);
}

describe('the audit trail', () => {
  it('cannot be changed, neither its entries nor its seals', async () => {
    await record('a', 'b');
    await chain.seal();
    for (const change of [
      `update audit_entries set actor = 'tom'`,
      `update audit_entries set subject_id = '(erased)', detail = '{}', actor = 'tom'`,
      'delete from audit_entries',
    ])
      await expect(service.database.query(change)).rejects.toThrow('audit_entries is append-only');
    for (const change of [
      `update audit_seals set seal = '\\x00'`,
      `update audit_seals set salt = '\\x00'`,
      'delete from audit_seals',
    ])
      await expect(service.database.query(change)).rejects.toThrow('audit_seals is append-only');
  });

  it('is sealed entry by entry, by one sealer, and stands', async () => {
    await record(...Array.from({ length: 2_500 }, (_, index) => `person-${index}`));
    const sealed = await Promise.all([chain.seal(), chain.seal(), chain.seal()]);
    expect(sealed.reduce((sum, count) => sum + count, 0)).toBe(2_500);
    const before = await chain.verify();
    expect(before).toMatchObject({ intact: true, sealed: 2_500, unsealed: 0, erased: 0, broken: null });
    await record('one-more');
    expect(await chain.verify()).toMatchObject({
      intact: true,
      sealed: 2_500,
      unsealed: 1,
      head: before.head,
    });
    expect(await chain.seal()).toBe(1);
    const after = await chain.verify();
    expect(after.head?.position).toBe(2_501);
    expect(after.head?.seal).not.toBe(before.head?.seal);
  });

  it('seals entries whose numbers were committed late', async () => {
    const transactions = service.app.get(Transactions);
    const audit = service.app.get(AuditTrail, { strict: false });
    const entry = (subjectId: string) => ({ actor: 'a', action: 'b', subjectKind: 'c', subjectId });
    await transactions.run(async (within) => {
      await audit.record([entry('early number')], within);
      await audit.record([entry('late number')]);
      expect(await chain.seal()).toBe(1);
    });
    expect(await chain.seal()).toBe(1);
    expect(await chain.verify()).toMatchObject({ intact: true, sealed: 2, unsealed: 0 });
  });

  it.each([
    [
      'an entry was changed',
      'audit_entries',
      `update audit_entries set actor = 'tom' where entry_id = 3`,
      'entry changed',
    ],
    [
      'a time was changed',
      'audit_entries',
      `update audit_entries set at = at + interval '1 second' where entry_id = 3`,
      'entry changed',
    ],
    [
      'an entry was made to look erased',
      'audit_entries',
      `update audit_entries set subject_id = '(erased)', detail = '{}' where entry_id = 3`,
      'entry changed',
    ],
    [
      'an entry was removed',
      'audit_entries',
      'delete from audit_entries where entry_id = 3',
      'entry missing',
    ],
    [
      'a salt was taken from an entry that stands',
      'audit_seals',
      'update audit_seals set salt = null where position = 3',
      'entry changed',
    ],
    [
      'a seal was changed',
      'audit_seals',
      `update audit_seals set seal = digest where position = 3`,
      'seal does not follow',
    ],
  ])('shows that %s', async (_, table, change, problem) => {
    await record('a', 'b', 'c', 'd', 'e');
    await chain.seal();
    await tamper(table, change);
    const { intact, broken } = await chain.verify();
    expect(intact).toBe(false);
    expect(broken).toMatchObject({ position: 3, problem });
  });

  it('shows that an entry was removed together with its seal', async () => {
    await record('a', 'b', 'c', 'd', 'e');
    await chain.seal();
    await tamper('audit_entries', 'delete from audit_entries where entry_id = 3');
    await tamper('audit_seals', 'delete from audit_seals where entry_id = 3');
    expect(await chain.verify()).toMatchObject({
      intact: false,
      broken: { position: 4, problem: 'seal missing' },
    });
  });

  it('stands after an erasure, and says nothing of the person any more', async () => {
    await record('a', 'ada-jones', 'c');
    await chain.seal();
    await record('ada-jones');
    const erased = await service.app.get(Transactions).run((within) => chain.erase(['ada-jones'], within));
    expect(erased).toBe(2);
    await chain.seal();
    expect(await chain.verify()).toMatchObject({ intact: true, sealed: 4, erased: 1 });
    const [found] = await service.database.query<{ count: string }[]>(
      `select count(*) from audit_entries e where e::text like '%ada-jones%'`,
    );
    expect(found?.count).toBe('0');
  });

  it('is verified over HTTP by whoever has the scope audit', async () => {
    const read = (await service.key(['read'])).authorization;
    const audit = (await service.key(['audit'])).authorization;
    await chain.seal();
    await service.http.get('/api/v1/audit/verification').set({ authorization: read }).expect(403);
    const answer = await service.http
      .get('/api/v1/audit/verification')
      .set({ authorization: audit })
      .expect(200);
    expect(answer.body).toEqual({
      intact: true,
      sealed: 2,
      erased: 0,
      unsealed: 0,
      head: { position: 2, seal: expect.stringMatching(/^[0-9a-f]{64}$/) },
      broken: null,
    });
  });
});
