import type { OpenAPIObject } from '@nestjs/swagger';
import type { Ids } from './two-managers.js';
import { TEST_NOW } from './service.js';

/** A route of the OpenAPI document, and which of the things that belong to an account it names. */
export interface Operation {
  method: string;
  template: string;
  parameters: { name: string; place: string; required: boolean; schema: Schema }[];
  body: Schema | undefined;
  names: Set<keyof Ids>;
  streams: boolean;
  schemas: Record<string, Schema>;
}

interface Schema {
  $ref?: string;
  oneOf?: Schema[];
  allOf?: Schema[];
  type?: string | string[];
  enum?: unknown[];
  example?: unknown;
  default?: unknown;
  format?: string;
  minLength?: number;
  minimum?: number;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

/** Names under which routes take what belongs to an account. */
const protectedNames: readonly (keyof Ids)[] = [
  'accountId',
  'accountIds',
  'contactId',
  'suggestionId',
  'responseId',
  'taskId',
  'alertId',
  'touchId',
  'decisionId',
  'subscriptionId',
];

/** Parameters of paths that name nothing of an account's: the catalogue, rules, models, runs, receivers. */
export const NAMES_NOBODY = new Set([
  'actionId',
  'channelId',
  'contentId',
  'endpointId',
  'kind',
  'memberId',
  'outcomeId',
  'productId',
  'ruleId',
  'runId',
  'treatmentId',
  'version',
]);

/** What a field gets wherever its schema alone does not tell; names are those of the fields. */
const values: Record<string, unknown> = {
  actionId: 'offer-p',
  channelId: 'visit',
  memberId: 'leo',
  outcomeId: 'reply',
  role: 'medical-liaison',
};

/** A reference of the caller's own is another one each time. */
let references = 0;

function valueOf(name: string, schema: Schema, schemas: Record<string, Schema>, ids: Partial<Ids>): unknown {
  if (name in ids) return ids[name as keyof Ids];
  if (name.endsWith('Ref')) return `reference-${(references += 1)}`;
  return values[name] ?? sample(schema, schemas, ids);
}

/** Routes whose body needs more than what is required of it. */
const bodies: Record<string, object> = {
  'POST /api/v1/tasks': { role: 'medical-liaison' },
  'POST /api/v1/tasks/{taskId}/assignments': { role: 'medical-liaison' },
};

/** Routes that no manager may call at all: ingestion is for systems, reviews are for compliance. */
export const FOR_NO_MANAGER = new Set([
  'POST /api/v1/contacts/{contactId}/erasures',
  'POST /api/v1/events',
  'POST /api/v1/suggestions/{suggestionId}/reviews',
]);

interface RawOperation {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, unknown> }>;
}

/** The routes of our own API, apart from those that take files. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  return Object.entries(document.paths)
    .filter(([template]) => template.startsWith('/api/v1/'))
    .flatMap(([template, operations]) =>
      Object.entries(operations as Record<string, RawOperation>).map(([method, raw]) =>
        operationOf(method.toUpperCase(), template, raw, schemas),
      ),
    )
    .filter(({ template }) => template !== '/api/v1/imports/{kind}');
}

function operationOf(
  method: string,
  template: string,
  raw: RawOperation,
  schemas: Record<string, Schema>,
): Operation {
  const parameters = (raw.parameters ?? []).map(({ name, in: place, required = false, schema = {} }) => ({
    name,
    place,
    required,
    schema,
  }));
  const body = raw.requestBody?.content?.['application/json']?.schema;
  const found = new Set([...parameters.map(({ name }) => name), ...fieldsOf(body, schemas)]);
  const streams = Object.values(raw.responses ?? {}).some(({ content }) => content?.['text/event-stream']);
  // whoever names an account by its subject is a reader of the trail, not a manager
  const names = new Set(protectedNames.filter((name) => found.has(name)));
  return { method, template, parameters, body, names, streams, schemas };
}

function resolved(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (schema.$ref) return resolved(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.oneOf?.[0]) return resolved(schema.oneOf[0], schemas);
  if (schema.allOf?.[0]) return resolved(schema.allOf[0], schemas);
  return schema;
}

function fieldsOf(schema: Schema | undefined, schemas: Record<string, Schema>): string[] {
  if (!schema) return [];
  const { properties = {}, items } = resolved(schema, schemas);
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [name, ...fieldsOf(field, schemas)]),
    ...fieldsOf(items, schemas),
  ];
}

/** The request with these ids; what is named and has no id is left out. */
export function requestFor(operation: Operation, ids: Partial<Ids>): { path: string; body: unknown } {
  const { template, parameters, body, schemas, method } = operation;
  let path = template;
  const query = new URLSearchParams();
  for (const { name, place, required, schema } of parameters) {
    const text = String(valueOf(name, schema, schemas, ids));
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(text));
    if (place === 'query' && (name in ids || required)) query.set(name, text);
  }
  const filled = body && { ...(sample(body, schemas, ids) as object), ...bodies[`${method} ${template}`] };
  return { path: query.size > 0 ? `${path}?${query}` : path, body: filled };
}

function sample(given: Schema, schemas: Record<string, Schema>, ids: Partial<Ids>): unknown {
  const schema = resolved(given, schemas);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (schema.properties) return sampleObject(schema, schemas, ids);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  switch (type) {
    case 'string':
      return schema.format === 'date-time' ? TEST_NOW.toISOString() : 'x'.repeat(schema.minLength ?? 1);
    case 'number':
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return schema.items && schema.minItems ? [sample(schema.items, schemas, ids)] : [];
    default:
      return {};
  }
}

function sampleObject(schema: Schema, schemas: Record<string, Schema>, ids: Partial<Ids>): object {
  const wanted = Object.entries(schema.properties ?? {}).filter(
    ([name]) => name in ids || schema.required?.includes(name),
  );
  return Object.fromEntries(wanted.map(([name, field]) => [name, valueOf(name, field, schemas, ids)]));
}

/** One thing of theirs at a time, beside what is one's own; what one has nothing of is left out where it can be. */
export function variantsOf(operation: Operation, theirs: Ids, own: Partial<Ids>): Partial<Ids>[] {
  const needed = new Set(
    operation.parameters.filter(({ place }) => place === 'path').map(({ name }) => name),
  );
  return [...operation.names].flatMap((foreign) => {
    const others = [...operation.names].filter((name) => name !== foreign);
    if (others.some((name) => needed.has(name) && !(name in own))) return [];
    const mine = Object.fromEntries(others.filter((name) => name in own).map((name) => [name, own[name]]));
    return [{ ...mine, [foreign]: theirs[foreign] } as Partial<Ids>];
  });
}
