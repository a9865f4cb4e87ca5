import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeApi } from './openapi.js';

/** Everything that belongs to the HTTP server itself: headers, parsers, the OpenAPI document. */
export async function prepareHttp(app: NestFastifyApplication): Promise<void> {
  app.enableShutdownHooks([]);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: null,
      },
    },
    hsts: false,
  });
  describeApi(app);
}
