import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CloseUnavailable } from '../../src/workflows/index.js';
import { eventually } from '../support/server-sent-events.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/** With its workers: nobody asks for anything between the change of the catalogue and the end of the suggestion. */
let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', exploration: 'greedy' } });
  territory = await startTerritory(service);
});

afterAll(() => service.close());

const pulmo = { name: 'Pulmo', price: 100, margin: 40, currency: 'EUR', topics: ['efficacy'] };
const inStock = (available: boolean | { from: string }) =>
  territory.put('products/P', { ...pulmo, available });
/** As it is written, without looking at it over HTTP. */
const offer = async () => {
  const [row] = await service.database.query<{ state: string; because: string | null; told: number }[]>(
    `select state, because, (select count(*)::int from stream_entries e
                              where e.event = 'suggestion.withdrawn' and e.data like '%' || s.suggestion_id || '%') as told
       from suggestions s where action_id = 'offer-p' order by created_at desc, suggestion_id desc limit 1`,
  );
  return row;
};

beforeEach(async () => {
  service.clock.advance(60_000);
  await inStock(true);
  await territory.recommend({ limit: 10, fresh: true });
  expect(await offer()).toMatchObject({ state: 'open' });
});

it('ends what offers a product by itself, soon after it went out of stock, and tells so', async () => {
  await inStock({ from: '2026-05-01T00:00:00Z' });
  await eventually(async () =>
    expect(await offer()).toEqual({
      state: 'withdrawn',
      because: 'stock: Product P is not available before 2026-05-01.',
      told: 1,
    }),
  );
});

it('leaves alone what is about something else, and ends it for good when the product is removed', async () => {
  const others = () =>
    service.database.query(
      `select action_id, state from suggestions where product_id is null order by suggestion_id`,
    );
  const before = await others();
  const removed = await service.http
    .delete('/api/v1/products/P')
    .set({ authorization: territory.authorization });
  // an action still offers it: the catalogue keeps what is referred to
  if (removed.status !== 204) await inStock(false);
  await eventually(async () => expect(await offer()).toMatchObject({ state: 'withdrawn' }));
  expect(await others()).toEqual(before);
});

it('looks at nothing while the catalogue stays as it is', async () => {
  const unavailable = service.app.get(CloseUnavailable, { strict: false });
  await unavailable.runDue();
  await service.database.query(
    `update suggestions set verified_versions = 'old' where action_id = 'offer-p' and state = 'open'`,
  );
  expect(await unavailable.runDue()).toBe(0);
});
