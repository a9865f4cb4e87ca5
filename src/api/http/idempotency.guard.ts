import { type CanActivate, type ExecutionContext, HttpStatus, Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, type KeptAnswer, KeptAnswers, type KeyedRequest } from '../../access/index.js';
import { Clock, digest } from '../../shared/index.js';
import { isSafe } from './own-origin.js';
import { conflict, Problem } from './problem.js';

export const IDEMPOTENCY_HEADER = 'idempotency-key';
const OWN_API = '/api/v1/';
/** Visible ASCII. */
const SHAPE = /^[\x21-\x7e]{1,255}$/;

/** A repetition, and the answer that the first request got. */
export class AnsweredBefore extends Error {
  constructor(readonly answer: KeptAnswer) {
    super('This request was answered before');
  }
}

/** Requests whose answers are to be kept. */
const claimed = new WeakMap<FastifyRequest, KeyedRequest>();

/**
 * Honours `Idempotency-Key` on changes of our own API: a repetition gets the first answer again for 24 hours. Refusals are
 * not kept, since nothing came of them: the same key may be used once the request is mended. Throws `AnsweredBefore` for
 * a repetition; `keepAnswers` keeps the first answer.
 */
@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    if (request.headers[IDEMPOTENCY_HEADER] === undefined) return true;
    const keyed = keyedRequest(request, this.clock.now());
    if (!keyed) return true;
    const claim = await this.answers.claim(keyed);
    switch (claim.kind) {
      case 'other':
        throw new Problem(
          'idempotency-key-reused',
          HttpStatus.UNPROCESSABLE_ENTITY,
          'Idempotency-Key used before',
          'This Idempotency-Key was sent with another request. Take a new one for each change.',
        );
      case 'in-flight':
        throw conflict(
          'The first request with this Idempotency-Key is being worked on. Ask again in a moment.',
        );
      case 'answered':
        throw new AnsweredBefore(claim.answer);
      case 'first':
        claimed.set(request, keyed);
        return true;
    }
  }
}

/** Keeps what is answered to requests with an `Idempotency-Key`, before it is sent. It is sent even when it cannot be kept. */
export function keepAnswers(server: FastifyInstance, answers: KeptAnswers): void {
  const log = new Logger('idempotency');
  server.addHook('onSend', (request, reply, payload, done) => {
    const keyed = claimed.get(request);
    if (!keyed) return done();
    const status = reply.statusCode;
    const body = typeof payload === 'string' && payload !== '' ? payload : null;
    const settled =
      status < HttpStatus.BAD_REQUEST ? answers.keep(keyed, { status, body }) : answers.release(keyed);
    settled.catch((cause: unknown) => log.error(cause)).finally(() => done());
  });
}

/** Undefined: no key, nothing that changes anything, or a file, whose records carry ids of their own. */
function keyedRequest(request: FastifyRequest & { caller?: Caller }, at: Date): KeyedRequest | undefined {
  const { caller, method, url, body } = request;
  const given = request.headers[IDEMPOTENCY_HEADER];
  if (given === undefined || !caller || isSafe(method) || !url.startsWith(OWN_API)) return undefined;
  if (isStream(body)) return undefined;
  if (typeof given !== 'string' || !SHAPE.test(given)) {
    throw new Problem(
      'invalid-idempotency-key',
      HttpStatus.UNPROCESSABLE_ENTITY,
      'Invalid Idempotency-Key',
      'Idempotency-Key must have 1 to 255 visible ASCII characters, such as a UUID.',
    );
  }
  return {
    callerId: caller.keyId,
    idempotencyKey: given,
    fingerprint: digest({ method, url, body: body ?? null }),
    at,
  };
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function';
}
