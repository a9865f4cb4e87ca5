import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI 3.1 document of our own API, at /openapi.json, and for people at /docs. */
export function describeApi(app: NestFastifyApplication, readable: boolean): OpenAPIObject {
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
  const document = SwaggerModule.createDocument(app, base);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Next best action API',
  });
  return document;
}
