import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: string;
}

/** Answers one call; `calls` counts them from 1 for each path. */
export type Behaviour = (call: ReceivedWebhook, response: ServerResponse, calls: number) => void;

export interface WebhookReceiver {
  /** http://127.0.0.1:<port> */
  url: string;
  received: ReceivedWebhook[];
  /** Calls of one path, oldest first. */
  at(path: string): ReceivedWebhook[];
  close(): Promise<void>;
}

/** A real server that keeps what it gets and answers each path in its own way; 200 where none is given. */
export async function startReceiver(behaviours: Record<string, Behaviour> = {}): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const at = (path: string): ReceivedWebhook[] => received.filter((call) => call.path === path);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const call = { path, headers: request.headers, body: await text(request) };
    received.push(call);
    const behave: Behaviour = behaviours[path] ?? ((_, ok) => ok.end('thank you'));
    behave(call, response, at(path).length);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    at,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
