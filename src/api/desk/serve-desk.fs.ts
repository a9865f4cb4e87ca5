import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

/** Pages of the desk: the page itself tells them apart. */
const PAGES = ['/', '/alerts', '/alerts/*', '/accounts', '/accounts/*', '/tasks', '/tasks/*', '/settings'];

/** Files whose names browsers know, and keep asking for: they change under the same name. */
const NAMED_FILES = ['service-worker.js', 'manifest.webmanifest', 'icon.svg', 'icon-192.png', 'icon-512.png'];

/** Names of built files carry their hash, so that they never change. */
const A_YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Nothing but our own files runs or is loaded, and no other page may frame the desk. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Where the desk was built: `dist/web`, seen from `dist/src/api/desk` as from `src/api/desk`. */
function builtDesk(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes('/dist/src/') ? resolve(here, '../../../web') : resolve(here, '../../../dist/web');
}

/** Serves the desk at `/`. Where it was not built, `/` says so. */
export async function serveDesk(app: NestFastifyApplication): Promise<void> {
  const root = builtDesk();
  const server = app.getHttpAdapter().getInstance();
  if (!existsSync(resolve(root, 'index.html'))) {
    server.get('/', (_request, reply) =>
      reply.type('text/plain').send('The desk is not built: npm run build:web\n'),
    );
    return;
  }
  // loaded here: Jest cannot load it, and its tests need no desk
  const { default: fastifyStatic } = await import('@fastify/static');
  await app.register(fastifyStatic, {
    root: resolve(root, 'assets'),
    prefix: '/assets/',
    maxAge: A_YEAR_MS,
    immutable: true,
  });
  const named = (file: string, reply: FastifyReply) =>
    reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache').sendFile(file, root);
  for (const page of PAGES) {
    server.get(page, (_request, reply: FastifyReply) =>
      reply
        .header('content-security-policy', POLICY)
        .header('referrer-policy', 'same-origin')
        .header('cache-control', 'no-cache')
        .sendFile('index.html', root),
    );
  }
  for (const file of NAMED_FILES)
    server.get(`/${file}`, (_request, reply: FastifyReply) => named(file, reply));
  server.get('/favicon.ico', (_request, reply: FastifyReply) => named('icon.svg', reply));
}
