import {
  createDecipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  type ECDH,
  randomBytes,
  verify,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const CURVE = 'prime256v1';
const AUTH_BYTES = 16;

/** A push as the push service got it. */
export interface ReceivedPush {
  /** Name of the browser. */
  browser: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Answers one push; `calls` counts those of the same browser from 1. */
export type Behaviour = (response: ServerResponse, calls: number) => void;

/** A browser with its keys: only it can read what is sent to it. */
export class Browser {
  private readonly pair: ECDH = createECDH(CURVE);
  private readonly auth: Buffer;

  constructor(
    readonly endpoint: string,
    keys: { privateKey?: string; auth?: string } = {},
  ) {
    if (keys.privateKey) this.pair.setPrivateKey(Buffer.from(keys.privateKey, 'base64url'));
    else this.pair.generateKeys();
    this.auth = keys.auth ? Buffer.from(keys.auth, 'base64url') : randomBytes(AUTH_BYTES);
  }

  /** As `PushSubscription.toJSON()` in a browser. */
  toJSON(): { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } } {
    const keys = {
      p256dh: this.pair.getPublicKey('base64url'),
      auth: this.auth.toString('base64url'),
    };
    return { endpoint: this.endpoint, expirationTime: null, keys };
  }

  /** RFC 8291 with the one record that RFC 8188 allows there. Throws when it was not made for this browser. */
  read(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const keyLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + keyLength);
    const sealed = body.subarray(21 + keyLength);
    const shared = this.pair.computeSecret(sender);
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.pair.getPublicKey(), sender]);
    const secret = derived(this.auth, shared, about, 32);
    const key = derived(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = derived(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12);
    const open = createDecipheriv('aes-128-gcm', key, nonce);
    open.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
    const end = plain.lastIndexOf(2);
    if (end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('not the last record');
    return plain.subarray(0, end).toString();
  }
}

/** HKDF (RFC 5869) for lengths up to one hash. */
function derived(salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer {
  const key = createHmac('sha256', salt).update(secret).digest();
  return createHmac('sha256', key)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length);
}

/** Whether we signed the push for this push service (RFC 8292), and what the signature says. Throws when we did not. */
export function verifiedVapid(
  { headers }: ReceivedPush,
  publicKey: string,
): { aud: string; exp: number; sub: string } {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  if (key !== publicKey) throw new Error('signed with another key');
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const ownKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const isOurs = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: ownKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isOurs) throw new Error('the signature does not hold');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; exp: number; sub: string };
}

export interface PushService {
  /** http://127.0.0.1:<port> */
  url: string;
  received: ReceivedPush[];
  /** What came for one browser, decrypted by it, oldest first. */
  readBy(browser: Browser): unknown[];
  at(browser: Browser): ReceivedPush[];
  /** A browser of this push service; 201 unless it is told to behave otherwise. */
  browser(name: string, behave?: Behaviour): Browser;
  close(): Promise<void>;
}

/** Stands in for the push service of a browser maker: a real server that keeps what it gets. */
export async function startPushService(): Promise<PushService> {
  const received: ReceivedPush[] = [];
  const behaviours = new Map<string, Behaviour>();
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1));
    buffer(request).then(
      (body) => {
        received.push({ browser: name, headers: request.headers, body });
        const calls = received.filter((push) => push.browser === name).length;
        const behave: Behaviour = behaviours.get(name) ?? ((created) => created.writeHead(201).end());
        behave(response, calls);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const nameOf = ({ endpoint }: Browser): string => decodeURIComponent(new URL(endpoint).pathname.slice(1));
  const at = (browser: Browser): ReceivedPush[] =>
    received.filter((push) => push.browser === nameOf(browser));
  return {
    url,
    received,
    at,
    readBy: (browser) => at(browser).map(({ body }) => JSON.parse(browser.read(body)) as unknown),
    browser: (name, behave) => {
      if (behave) behaviours.set(name, behave);
      return new Browser(`${url}/${encodeURIComponent(name)}`);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
