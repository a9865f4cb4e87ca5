import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneRoot } from '../../src/main.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let document: Record<string, unknown>;

beforeAll(async () => {
  service = await startTestService();
  document = (await service.http.get('/openapi.json').expect(200)).body as Record<string, unknown>;
});
afterAll(() => service.close());

/** Every `$ref` of a document. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
}

function resolved(reference: string): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      document,
    );
}

interface Operation {
  operationId?: string;
  parameters?: unknown;
  requestBody?: unknown;
}

/** What a client has to send, operation by operation. */
function asked(given: unknown): Record<string, Operation> {
  const { paths } = given as { paths: Record<string, Record<string, Operation>> };
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId, parameters, requestBody }]) => [
        `${method} ${path}`,
        JSON.parse(JSON.stringify({ operationId, parameters, requestBody })) as Operation,
      ]),
    ),
  );
}

describe('the OpenAPI document', () => {
  it('has everything that it refers to', () => {
    const dangling = [...new Set(references(document))].filter((one) => resolved(one) === undefined);
    expect(dangling).toEqual([]);
  });

  it('is the one from which the client of the desk was generated (npm run web:client)', () => {
    const committed: unknown = JSON.parse(readFileSync(join(cloneRoot(), 'web/openapi.json'), 'utf8'));
    expect(asked(document)).toEqual(asked(committed));
  });
});
