import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describedAnswers } from './described-answers.fs.js';
import { withAnswers } from './with-answers.js';

/** The OpenAPI 3.1 document of our own API. What routes answer is described by their own types (answers.json). */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Next best action')
    .setDescription(
      'Whom to contact next, about what, through which channel and when, and why. Errors are problem+json (RFC 9457). ' +
        'Lists give nextCursor: pass it on as cursor. Changes may carry an Idempotency-Key: a repetition within 24 hours ' +
        'changes nothing and gets the first answer again.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'nba_<id>_<secret>' })
    .addSecurityRequirements('bearer')
    .build();
  return withAnswers(complete(SwaggerModule.createDocument(app, base)), describedAnswers());
}

/**
 * What the generator cannot see: it leaves out a path parameter whose type is a branded id, and takes a header that may be
 * missing for one that is needed.
 */
function complete(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    for (const operation of Object.values(operations as Record<string, Operation>)) {
      const { parameters = [] } = operation;
      const missing = named.filter(
        (name) => !parameters.some((given) => given.in === 'path' && given.name === name),
      );
      operation.parameters = [
        ...missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...parameters.map((given) => (given.in === 'header' ? { ...given, required: false } : given)),
      ];
    }
  }
  return document;
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
}

/** Serves the document at /openapi.json and, where asked, for people at /docs. */
export function describeApi(app: NestFastifyApplication, readable: boolean): void {
  const document = openApiDocument(app);
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', (_request, reply) => reply.send(document));
  if (readable)
    SwaggerModule.setup('docs', app, document, { customSiteTitle: 'Next best action API', raw: false });
}
