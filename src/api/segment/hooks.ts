import { Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { Json } from '../../shared/index.js';

/** A batch may have so many bytes, unpacked. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;
/** Nobody else's: whatever a sender calls its body, it is read as JSON. */
const CONTENT_TYPE = 'application/vnd.nba.segment+json';
const ROUTES = /^\/(?:beacon\/)?v1\//;

/** The body of a Segment call, with its size before parsing. */
export class SegmentBody {
  constructor(
    readonly json: Json,
    readonly bytes: number,
  ) {}
}

class BadBody extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What Segment and RudderStack clients need of the HTTP server, on the Segment routes only: the content type is ignored
 * (RudderStack calls gzipped JSON a form, browsers call it plain text), gzip is unpacked up to our own limit, and
 * browsers of other origins may call. To be registered before the routes are.
 */
export function registerSegmentHooks(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(
    CONTENT_TYPE,
    { parseAs: 'buffer', bodyLimit: BODY_MAX_BYTES },
    (_request, body, done) => {
      try {
        done(null, new SegmentBody(JSON.parse(body.toString()) as Json, body.length));
      } catch (cause) {
        if (!(cause instanceof SyntaxError)) throw cause;
        done(new BadBody(400, `The body is not JSON: ${cause.message}`), undefined);
      }
    },
  );
  fastify.addHook('onRequest', async (request, reply) => {
    if (!ROUTES.test(request.url)) return;
    reply.header('access-control-allow-origin', '*');
    if (request.method === 'OPTIONS') {
      await reply
        .code(204)
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, content-type, anonymousid, x-retry-count')
        .header('access-control-max-age', '86400')
        .send();
      return;
    }
    request.raw.headers['content-type'] = CONTENT_TYPE;
  });
  fastify.addHook('preParsing', async (request, _reply, payload) => {
    if (!ROUTES.test(request.url) || request.headers['content-encoding'] !== 'gzip') return payload;
    delete request.raw.headers['content-encoding'];
    delete request.raw.headers['content-length'];
    return unpacked(payload);
  });
}

/** Unpacks up to the limit. The limit is counted here: that of zlib does not bound a stream. */
function unpacked(payload: NodeJS.ReadableStream): Transform & { receivedEncodedLength: number } {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes > BODY_MAX_BYTES)
        done(new BadBody(413, `The body has more than ${BODY_MAX_BYTES} bytes unpacked`));
      else done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  gunzip.on('error', (cause) => counted.destroy(new BadBody(400, `The body is not gzip: ${cause.message}`)));
  counted.on('error', () => {
    payload.unpipe(gunzip);
    gunzip.destroy();
  });
  payload.on('error', (cause) => counted.destroy(cause));
  payload.pipe(gunzip).pipe(counted);
  return Object.assign(counted, { receivedEncodedLength: 0 });
}
