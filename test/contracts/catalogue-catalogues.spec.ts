import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActionId } from '../../src/catalogue/index.js';
import { PostgresCatalogues } from '../../src/catalogue/catalogues.postgres.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { action, catalogueOn, channel, outcome, record } from './catalogue-surroundings.js';

let own: TestDatabase;
let given: ReturnType<typeof catalogueOn>;

beforeAll(async () => {
  own = await createTestDatabase();
  given = catalogueOn(own.database);
  await given.editor.put('channels', [channel('email', { hours: { mon: [['09:00', '17:00']] } })], 'k');
  await given.editor.put('outcome-definitions', [outcome()], 'k');
  const product = {
    productId: 'p',
    name: 'Pump',
    price: 10,
    margin: 4,
    available: { from: '2026-05-01T00:00:00Z' },
  };
  await given.editor.put('products', [record('products', product)], 'k');
  await given.editor.put(
    'content',
    [record('content', { contentId: 'c', title: 'Dosage', productIds: ['p'] })],
    'k',
  );
});
afterAll(() => own.close());

describe('the catalogue', () => {
  beforeEach(async () => {
    await own.database.query('delete from treatments');
  });

  it('gives what was put, with the types that it was put with', async () => {
    const saved = action('x', {
      productIds: ['p'],
      validFrom: '2026-01-01T00:00:00Z',
      value: 12.5,
      topics: ['dosage'],
    });
    await given.editor.put('actions', [saved], 'k');
    const treatment = { actionId: 'x', channelId: 'email', title: 'Hello', body: 'There', contentId: 'c' };
    await given.editor.put(
      'treatments',
      ['en', 'fa'].map((locale) => record('treatments', { ...treatment, treatmentId: locale, locale })),
      'k',
    );
    const catalogue = await given.catalogues.current();
    expect(catalogue.actions.get('x' as ActionId)).toEqual(saved);
    expect(catalogue.treatments.get('x' as ActionId)?.map(({ locale }) => locale)).toEqual(['en', 'fa']);
    expect([...catalogue.products.values()]).toEqual([
      {
        productId: 'p',
        name: 'Pump',
        price: 10,
        margin: 4,
        currency: 'EUR',
        topics: [],
        available: { from: '2026-05-01T00:00:00Z' },
      },
    ]);
    expect([...catalogue.channels.values()][0]?.hours).toEqual({ mon: [['09:00', '17:00']] });
  });

  it('is the same object while nothing changes, and asks for the version at most every quarter of a second', async () => {
    let now = 0;
    const catalogues = new PostgresCatalogues(own.database, () => now);
    const first = await catalogues.current();
    await own.database.query(`update versions set version = version + 1 where name = 'catalogue'`);
    now = 249;
    expect(await catalogues.current()).toBe(first);
    now = 251;
    const second = await catalogues.current();
    expect(second).not.toBe(first);
    now = 1000;
    expect(await catalogues.current()).toBe(second);
  });

  it('shows a change of this process at once, and of another within a quarter of a second', async () => {
    let now = 0;
    const elsewhere = new PostgresCatalogues(own.database, () => now);
    await elsewhere.current();
    await given.editor.put('actions', [action('fresh')], 'k');
    expect((await given.catalogues.current()).actions.has('fresh' as ActionId)).toBe(true);
    now = 300;
    expect((await elsewhere.current()).actions.has('fresh' as ActionId)).toBe(true);
  });

  it('is read once when many ask at the same time', async () => {
    given.catalogues.changed();
    const read = await Promise.all(Array.from({ length: 20 }, () => given.catalogues.current()));
    expect(new Set(read).size).toBe(1);
  });

  it('never keeps an older reading over a change that was made meanwhile', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      given.catalogues.changed();
      const reading = given.catalogues.current();
      await given.editor.put('actions', [action(`turn${turn}`)], 'k');
      expect((await given.catalogues.current()).actions.has(`turn${turn}` as ActionId)).toBe(true);
      await reading;
      expect((await given.catalogues.current()).actions.has(`turn${turn}` as ActionId)).toBe(true);
    }
  });
});
