import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopesOfRole } from '../../src/access/index.js';
import { openApiDocument } from '../../src/api/http/openapi.js';
import { type Ids, makeTheirs, OWN } from '../support/two-managers.js';
import {
  FOR_NO_MANAGER,
  NAMES_NOBODY,
  operationsOf,
  type Operation,
  requestFor,
  variantsOf,
} from '../support/route-requests.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory } from '../support/territory.js';

/**
 * Every route of the OpenAPI document that names an account, or something that belongs to one, is called by a manager who
 * does not look after that account. New routes are found by themselves; one whose parameters or body this test cannot fill
 * fails here, and is taught in test/support/route-requests.ts.
 */
let service: TestService;
let operations: Operation[];
let theirs: Ids;
/** Eve looks after `eves` only, Mia after `clinic`. */
let eve: string;
let mia: string;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  operations = operationsOf(openApiDocument(service.app));
  const territory = await startTerritory(service);
  theirs = await makeTheirs(service, territory, new Set(operations.flatMap(({ names }) => [...names])));
  // ingestion is for systems, audit for compliance: no role that is limited to its accounts has either
  const scopes = [...(scopesOfRole['account-manager'] ?? []), 'catalogue', 'train'] as const;
  eve = (await service.key(scopes, { memberId: 'eve' })).authorization;
  mia = (await service.key(scopes, { memberId: 'mia' })).authorization;
});

afterAll(() => service.close());

async function call(operation: Operation, ids: Partial<Ids>, authorization: string) {
  const { path, body } = requestFor(operation, ids);
  const answer = await fetch(`${service.url}${path}`, {
    method: operation.method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    text: await answer.text(),
    asked: `${operation.method} ${path} ${JSON.stringify(body)}`,
  };
}

/** Everything that is stored under their account. */
async function stored(): Promise<string> {
  const tables = await service.database.query<{ name: string }[]>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'account_id' and t.table_type = 'BASE TABLE' order by 1`,
  );
  const digests = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as digest from "${name}" t where account_id = 'clinic'`,
  );
  return JSON.stringify(await service.database.query(digests.join(' union all ')));
}

/** What only somebody who may see the account could know. */
function expectNothingTold({ text, asked }: Awaited<ReturnType<typeof call>>): void {
  expect({ asked, told: text.includes('SECRET') }).toEqual({ asked, told: false });
  // an answer may repeat what it was asked; a refusal, too, must not say whose something is
  const said = text.replaceAll('\\"', '"');
  const ids = Object.values(theirs).filter((id) => said.includes(`"${id}"`) && !asked.includes(id));
  expect({ asked, ids }).toEqual({ asked, ids: [] });
}

describe('a manager and the accounts of another', () => {
  it('finds the routes, and knows what each of their parameters names', () => {
    expect(operations.length).toBeGreaterThan(60);
    const unknown = operations.flatMap(({ method, template, parameters, names }) =>
      parameters
        .filter(
          ({ name, place }) =>
            place === 'path' && ![...names].some((known) => known === name) && !NAMES_NOBODY.has(name),
        )
        .map(({ name }) => `${method} ${template}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(operations.filter(({ names }) => names.size > 0).length).toBeGreaterThan(20);
  });

  it('is refused wherever a route names them, and changes nothing', async () => {
    const before = await stored();
    for (const operation of operations.filter(({ names }) => names.size > 0)) {
      const answer = await call(operation, theirs, eve);
      expectNothingTold(answer);
      const asWhole =
        operation.method === 'GET' && answer.status === 200 ? isEmptyList(answer.text) : undefined;
      if (asWhole !== true)
        expect(
          [403, 404].includes(answer.status) ? '' : `${answer.asked} → ${answer.status} ${answer.text}`,
        ).toBe('');
      expect({ asked: answer.asked, changed: (await stored()) !== before }).toEqual({
        asked: answer.asked,
        changed: false,
      });
    }
  });

  it('gets and changes nothing of theirs by naming one of them beside what is her own', async () => {
    const before = await stored();
    for (const operation of operations.filter(({ names }) => names.size > 1)) {
      for (const ids of variantsOf(operation, theirs, OWN)) {
        const answer = await call(operation, ids, eve);
        expectNothingTold(answer);
        expect(answer.status < 500 ? '' : `${answer.asked} → ${answer.status}`).toBe('');
        expect({ asked: answer.asked, changed: (await stored()) !== before }).toEqual({
          asked: answer.asked,
          changed: false,
        });
      }
    }
  });

  it('is told nothing of them by any list', async () => {
    const lists = operations.filter(
      ({ method, parameters, streams }) =>
        method === 'GET' && !streams && parameters.every(({ place }) => place !== 'path'),
    );
    expect(lists.length).toBeGreaterThan(8);
    for (const operation of lists) expectNothingTold(await call(operation, {}, eve));
  });

  it('was refused for that reason alone: whoever looks after them is let through by the same requests', async () => {
    const named = operations.filter(
      ({ names, method, template }) => names.size > 0 && !FOR_NO_MANAGER.has(`${method} ${template}`),
    );
    // what removes comes last, and the account itself after everything that it has
    const isAccount = ({ template }: Operation): boolean => template.endsWith('{accountId}');
    const removes = ({ method }: Operation): boolean => method === 'DELETE';
    const inOrder = [
      ...named.filter((operation) => !removes(operation)),
      ...named.filter((operation) => removes(operation) && !isAccount(operation)),
      ...named.filter((operation) => removes(operation) && isAccount(operation)),
    ];
    const refused: string[] = [];
    for (const operation of inOrder) {
      const { status, text, asked } = await call(operation, theirs, mia);
      if ([400, 401, 403, 404, 415, 422, 500].includes(status)) refused.push(`${asked} → ${status} ${text}`);
    }
    expect(refused).toEqual([]);
  });
});

function isEmptyList(text: string): boolean {
  const { items } = JSON.parse(text) as { items?: unknown[] };
  return Array.isArray(items) && items.length === 0;
}
