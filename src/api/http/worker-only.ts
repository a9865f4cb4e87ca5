import type { FastifyInstance } from 'fastify';

const SERVED = /^\/(health(\/|$)|metrics$)/;

/** A process that only works says how it does, and serves nothing else. */
export function serveOperationsOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const [path = ''] = request.url.split('?');
    if (SERVED.test(path)) return;
    await reply.code(404).type('application/problem+json; charset=utf-8').send({
      type: 'about:blank#404',
      title: 'Not found',
      status: 404,
      detail: 'This process only works (NBA_ROLE=worker). Ask one with the role api or all.',
      instance: path,
      traceId: request.id,
    });
  });
}
