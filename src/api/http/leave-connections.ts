import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Lets the server stop while clients are connected. Node waits for every connection that has begun no request, such as
 * those that browsers open ahead, and for those that turn idle while it waits. Here whatever carries no request is closed
 * when the server stops, each of the others with its answer, and all that are left after the grace.
 */
export function leaveConnections(fastify: FastifyInstance, graceMilliseconds: number): void {
  const { server } = fastify;
  const answering = new Map<Socket, number>();
  let stopping = false;
  server.on('connection', (socket: Socket) => {
    answering.set(socket, 0);
    socket.once('close', () => answering.delete(socket));
  });
  server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = answering.get(socket);
      if (left === undefined) return;
      answering.set(socket, left - 1);
      if (stopping && left <= 1) socket.end();
    });
  });
  fastify.addHook('preClose', (done) => {
    stopping = true;
    for (const [socket, requests] of answering) if (requests === 0) socket.destroy();
    afterGrace(server, graceMilliseconds, () => {
      for (const socket of answering.keys()) socket.destroy();
    });
    done();
  });
}

function afterGrace(server: Server, milliseconds: number, act: () => void): void {
  const timer = setTimeout(act, milliseconds);
  server.once('close', () => clearTimeout(timer));
}
