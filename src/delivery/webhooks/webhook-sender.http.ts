import { lookup as resolve, type LookupAddress } from 'node:dns';
import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { SECOND } from '../../shared/index.js';
import { endpointUrlProblem, isPublicAddress } from './public-address.js';
import { type WebhookAnswer, type WebhookRequest, WebhookSender } from './webhook-sender.js';

/** What of an answer is kept for the log, in bytes. */
const KEPT_BYTES = 1024;
/** An answer is read up to here; the rest is cut off. */
const READ_BYTES = 64 * 1024;

export type ResolveAll = (
  hostname: string,
  done: (cause: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface HttpSenderOptions {
  /** For the whole attempt: name, connection, sending, and reading the answer to its end. */
  timeoutMilliseconds: number;
  /** Receivers in private networks and on this machine may be called. */
  allowPrivate: boolean;
  /** Resolves a name to all of its addresses; the system's by default. */
  resolveAll?: ResolveAll;
}

class AddressRefused extends Error {}

/** Sends with node's own client, on a connection of its own for each attempt. */
export class HttpWebhookSender extends WebhookSender {
  constructor(private readonly options: HttpSenderOptions) {
    super();
  }

  send(request: WebhookRequest): Promise<WebhookAnswer> {
    const begun = performance.now();
    const { allowPrivate, timeoutMilliseconds } = this.options;
    return new Promise((settle) => {
      const answer = (outcome: Outcome): void =>
        settle({ ...outcome, durationMilliseconds: performance.now() - begun });
      const problem = endpointUrlProblem(request.url, allowPrivate);
      if (problem) return answer({ kind: 'refused', because: `the URL ${problem}` });
      if (request.signal.aborted) return answer({ kind: 'stopped', because: 'the service stops' });
      const attempt = new Attempt(open(request, this.lookup()), answer);
      attempt.endAfter(timeoutMilliseconds);
      attempt.endWith(request.signal);
      attempt.start(request.body);
    });
  }

  /** Only addresses that it gives are connected to, so what was checked is what is called. */
  private lookup(): LookupFunction {
    const { allowPrivate, resolveAll = systemResolve } = this.options;
    return (hostname, { all }, found) =>
      resolveAll(hostname, (cause, addresses) => {
        const hidden = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
        const [first] = addresses;
        if (cause) found(cause, '');
        else if (hidden) found(new AddressRefused(`${hostname} is ${hidden.address}, a private address`), '');
        else if (!first) found(new Error(`${hostname} has no address`), '');
        else if (all) found(null, [...addresses]);
        else found(null, first.address, first.family);
      });
  }
}

type WithoutDuration<Answer> = Answer extends unknown ? Omit<Answer, 'durationMilliseconds'> : never;
type Outcome = WithoutDuration<WebhookAnswer>;

const systemResolve: ResolveAll = (hostname, done) => {
  resolve(hostname, { all: true }, (cause, addresses) => done(cause, cause ? [] : addresses));
};

function open({ url, headers, body }: WebhookRequest, lookup: LookupFunction): ClientRequest {
  const address = new URL(url);
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'next-best-action-webhooks/1',
      ...headers,
    },
  };
  return address.protocol === 'https:' ? httpsRequest(address, options) : httpRequest(address, options);
}

/** One request under way: it is answered once, by whatever comes first. */
class Attempt {
  private readonly cleanUp: (() => void)[] = [];
  private settled = false;

  constructor(
    private readonly request: ClientRequest,
    private readonly answer: (outcome: Outcome) => void,
  ) {}

  endAfter(milliseconds: number): void {
    const timer = setTimeout(
      () => this.end({ kind: 'timeout', because: `no whole answer within ${milliseconds / SECOND} s` }),
      milliseconds,
    );
    this.cleanUp.push(() => clearTimeout(timer));
  }

  endWith(signal: AbortSignal): void {
    const stop = (): void => this.end({ kind: 'stopped', because: 'the service stops' });
    signal.addEventListener('abort', stop, { once: true });
    this.cleanUp.push(() => signal.removeEventListener('abort', stop));
  }

  start(body: string | Uint8Array): void {
    this.request.on('response', (response) => this.read(response));
    this.request.on('error', (cause: NodeJS.ErrnoException) => this.fail(cause));
    this.request.end(body);
  }

  private read(response: IncomingMessage): void {
    const kept: Buffer[] = [];
    let bytes = 0;
    const done = (): void => {
      const text = Buffer.concat(kept).subarray(0, KEPT_BYTES).toString().replaceAll('\u0000', '\uFFFD');
      const { statusCode: status = 0, headers } = response;
      this.end({ kind: 'answered', status, retryAfter: headers['retry-after'], text });
    };
    response.on('data', (chunk: Buffer) => {
      if (bytes < KEPT_BYTES) kept.push(chunk);
      bytes += chunk.length;
      if (bytes > READ_BYTES) done();
    });
    response.on('end', done);
    response.on('error', (cause) => this.fail(cause));
  }

  private fail(cause: NodeJS.ErrnoException): void {
    const kind = cause instanceof AddressRefused ? 'refused' : 'broken';
    this.end({
      kind,
      because:
        cause.code && !cause.message.includes(cause.code) ? `${cause.code}: ${cause.message}` : cause.message,
    });
  }

  private end(outcome: Outcome): void {
    if (this.settled) return;
    this.settled = true;
    for (const clean of this.cleanUp) clean();
    this.answer(outcome);
    this.request.destroy();
  }
}
