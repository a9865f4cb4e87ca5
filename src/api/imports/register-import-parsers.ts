import type { FastifyInstance } from 'fastify';

/** Content types of files; gzip is recognised by its first bytes under each of them. */
export const importTypes = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'text/csv',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
];

const IMPORTS = '/api/v1/imports/';

/** Hands files to the import routes as streams, never read into memory; other routes refuse these content types. */
export function registerImportParsers(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(importTypes, (request, payload, done) => {
    if (request.url.startsWith(IMPORTS)) return done(null, payload);
    const refused = Object.assign(new Error('Unsupported Media Type: send JSON'), { statusCode: 415 });
    return done(refused);
  });
}
