import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeptAnswers } from '../../access/index.js';
import { CONFIG, type Config } from '../../config.js';
import { serveDesk } from '../desk/serve-desk.fs.js';
import { registerImportParsers } from '../imports/register-import-parsers.js';
import { registerSegmentHooks } from '../segment/index.js';
import { SECOND } from '../../shared/index.js';
import { keepAnswers } from './idempotency.guard.js';
import { leaveConnections } from './leave-connections.js';
import { describeApi } from './openapi.js';
import { protect } from './protect.js';
import { serveOperationsOnly } from './worker-only.js';

/** Ids in paths may have 128 characters, each up to 12 when it is percent-encoded; Fastify's own limit is 100. */
export const routerOptions = { maxParamLength: 128 * 12 };

/**
 * Everything that belongs to the HTTP server itself: headers, parsers, and for people the desk and the API's
 * documentation.
 */
export async function prepareHttp(
  app: NestFastifyApplication,
  { documentation = true }: { documentation?: boolean } = {},
): Promise<void> {
  app.enableShutdownHooks([]);
  const { role, shutdownGraceSeconds } = app.get<Config>(CONFIG);
  leaveConnections(app.getHttpAdapter().getInstance(), shutdownGraceSeconds * SECOND);
  protect(app.getHttpAdapter().getInstance());
  if (role === 'worker') {
    serveOperationsOnly(app.getHttpAdapter().getInstance());
    return;
  }
  keepAnswers(app.getHttpAdapter().getInstance(), app.get(KeptAnswers, { strict: false }));
  registerImportParsers(app.getHttpAdapter().getInstance());
  registerSegmentHooks(app.getHttpAdapter().getInstance());
  if (documentation) await serveDesk(app);
  describeApi(app, documentation);
}
