import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Record<string, unknown>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** JSON schemas of what routes answer, by operation id, and of the named types that they refer to. */
export interface DescribedAnswers {
  operations: Record<string, Schema>;
  schemas: Record<string, Schema>;
}

interface Operation {
  operationId?: string;
  responses?: Record<string, { description?: string; content?: object }>;
}

/** No body described, or one in JSON: the types of the controllers know better. A stream stays as it is. */
const isJson = (content?: object) => Object.keys(content ?? {}).every((type) => type === 'application/json');

const REFERENCE = '#/components/schemas/';

/**
 * The document with the body of each successful answer. A type whose name the document has given to
 * something else goes by `<name>Answer`.
 */
export function withAnswers(
  document: OpenAPIObject,
  { operations, schemas }: DescribedAnswers,
): OpenAPIObject {
  const taken = (document.components?.schemas ?? {}) as Record<string, unknown>;
  const nameOf = (name: string) => (name in taken ? `${name}Answer` : name);
  const used = new Set<string>();
  /** References under the names of this document; whatever is met is put into it. */
  const referred = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(referred);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key !== '$ref' || typeof member !== 'string') return [key, referred(member)];
        const name = member.slice(REFERENCE.length);
        used.add(name);
        return [key, `${REFERENCE}${nameOf(name)}`];
      }),
    );
  };
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods as Record<string, Operation>)) {
      const answer = operations[operation.operationId ?? ''];
      if (!answer) continue;
      for (const [status, response] of Object.entries(operation.responses ?? {}))
        if (status.startsWith('2') && isJson(response.content))
          response.content = { 'application/json': { schema: referred(answer) } };
    }
  }
  const added: Record<string, unknown> = {};
  // A set grows while it is walked: what a described type refers to is described too.
  for (const name of used) added[nameOf(name)] = referred(schemas[name]);
  const all = { ...taken, ...added } as Schemas;
  return { ...document, components: { ...document.components, schemas: all } };
}
