import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ContactRule, type RuleId, standardRules } from '../../src/contact-policy/index.js';
import {
  PostgresContactRuleBook,
  PostgresContactRules,
} from '../../src/contact-policy/contact-rules.postgres.js';
import { PostgresTransactions } from '../../src/database/index.js';
import { EditContactRules } from '../../src/workflows/edit-contact-rules.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { RememberedAudit } from '../support/remembered-audit.js';

let database: TestDatabase;
let transactions: PostgresTransactions;
let book: PostgresContactRuleBook;
let rules: PostgresContactRules;
const audit = new RememberedAudit();

beforeAll(async () => {
  database = await createTestDatabase();
  transactions = new PostgresTransactions(database.database);
  book = new PostgresContactRuleBook(database.database);
  rules = new PostgresContactRules(database.database);
}, 60_000);

afterAll(async () => {
  await database?.close();
});

const begin = (): Promise<boolean> => transactions.run((within) => book.begin(standardRules, within));

describe('the contact rules', () => {
  it('begin with the standard ones, once, however many processes start', async () => {
    const began = await Promise.all([begin(), begin(), begin()]);
    expect(began.filter(Boolean)).toHaveLength(1);
    const { rules: current } = await rules.current();
    expect(current).toHaveLength(standardRules.length);
    expect(current).toEqual(expect.arrayContaining([...standardRules]));
  });

  it('are answered from memory until one changes', async () => {
    const first = await rules.current();
    expect(await rules.current()).toBe(first);
    const edit = new EditContactRules(transactions, book, audit);
    const own: ContactRule = { ruleId: 'own' as RuleId, kind: 'offer-lock', days: 5 };
    await edit.save([own], 'kim');
    const second = await rules.current();
    expect(second.version).toBe(first.version + 1);
    expect(second.rules).toContainEqual(own);
    await edit.save([{ ...own, days: 6 }], 'kim');
    expect(await book.find(own.ruleId)).toEqual({ ...own, days: 6 });
    expect(audit.entries).toContainEqual(
      expect.objectContaining({ actor: 'kim', action: 'contact-rule.saved', subjectId: 'own' }),
    );
  });

  it('stay removed: a deployment without rules is not given the standard ones again', async () => {
    const edit = new EditContactRules(transactions, book, audit);
    for (const { ruleId } of (await rules.current()).rules)
      expect(await edit.remove(ruleId, 'kim')).toBe(true);
    expect(await edit.remove('own' as RuleId, 'kim')).toBe(false);
    expect(await begin()).toBe(false);
    expect((await rules.current()).rules).toEqual([]);
  });
});
