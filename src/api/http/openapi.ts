import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI 3.1 document of our own API. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Next best action')
    .setDescription(
      'Whom to contact next, about what, through which channel and when, and why. Errors are problem+json (RFC 9457). ' +
        'Lists give nextCursor: pass it on as cursor.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'nba_<id>_<secret>' })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, base);
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
