import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookAnswer } from './webhook-sender.js';
import { HttpWebhookSender, type ResolveAll } from './webhook-sender.http.js';

let server: Server;
let port = 0;
let calls = 0;

beforeAll(async () => {
  server = createServer((_, response) => {
    calls += 1;
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => void server.close());

const names: Record<string, { address: string; family: number }[]> = {
  'inside.example.org': [{ address: '10.0.0.8', family: 4 }],
  'loopback.example.org': [{ address: '127.0.0.1', family: 4 }],
  'loopback6.example.org': [{ address: '::1', family: 6 }],
  'mapped.example.org': [{ address: '::ffff:127.0.0.1', family: 6 }],
  'metadata.example.org': [{ address: '169.254.169.254', family: 4 }],
  'both.example.org': [
    { address: '93.184.216.34', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ],
  'nothing.example.org': [],
};
const resolveAll: ResolveAll = (hostname, done) => {
  const addresses = names[hostname];
  done(addresses ? null : new Error(`no such name: ${hostname}`), addresses ?? []);
};

function send(url: string, allowPrivate: boolean, resolve: ResolveAll = resolveAll): Promise<WebhookAnswer> {
  const sender = new HttpWebhookSender({ timeoutMilliseconds: 5000, allowPrivate, resolveAll: resolve });
  return sender.send({ url, headers: {}, body: '{}', signal: new AbortController().signal });
}

describe('a sender that keeps to the public internet', () => {
  it.each(Object.keys(names).filter((name) => !name.startsWith('nothing')))(
    'refuses %s for the address that it stands for, without a connection',
    async (name) => {
      const before = calls;
      const answer = await send(`http://${name}:${port}/`, false);
      expect(answer).toMatchObject({ kind: 'refused', because: expect.stringContaining('private address') });
      expect(calls).toBe(before);
    },
  );

  it.each(['127.0.0.1', '10.0.0.8', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', 'localhost'])(
    'refuses %s, which is no name to be looked up',
    async (host) => {
      const before = calls;
      expect(await send(`http://${host}:${port}/`, false)).toMatchObject({ kind: 'refused' });
      expect(calls).toBe(before);
    },
  );

  it('looks a name up once, so that it cannot be another address when it is called', async () => {
    let lookups = 0;
    const rebinding: ResolveAll = (_, done) => {
      lookups += 1;
      done(null, [{ address: lookups === 1 ? '127.0.0.1' : '93.184.216.34', family: 4 }]);
    };
    expect(await send(`http://rebinding.example.org:${port}/`, false, rebinding)).toMatchObject({
      kind: 'refused',
    });
    expect(lookups).toBe(1);
  });
});

describe('a sender that may call private addresses', () => {
  it.each(['loopback.example.org', '127.0.0.1', '2130706433'])('calls %s', async (host) => {
    expect(await send(`http://${host}:${port}/`, true)).toMatchObject({
      kind: 'answered',
      status: 200,
      text: 'ok',
    });
  });

  it('says what is wrong with a name that leads nowhere', async () => {
    expect(await send('http://nothing.example.org/', true)).toMatchObject({ kind: 'broken' });
    expect(await send('http://unknown.example.org/', true)).toMatchObject({
      kind: 'broken',
      because: expect.stringContaining('no such name'),
    });
  });

  it('stops at once when it is told to', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const stopping = new AbortController();
    const sender = new HttpWebhookSender({ timeoutMilliseconds: 5000, allowPrivate: true });
    const { port: at } = silent.address() as AddressInfo;
    const sent = sender.send({
      url: `http://127.0.0.1:${at}/`,
      headers: {},
      body: '{}',
      signal: stopping.signal,
    });
    await once(silent, 'request');
    stopping.abort();
    expect(await sent).toMatchObject({ kind: 'stopped' });
    silent.close();
  });
});
