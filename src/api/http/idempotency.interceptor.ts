import {
  type CallHandler,
  type ExecutionContext,
  HttpStatus,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { type Caller, KeptAnswers, type KeyedRequest } from '../../access/index.js';
import { Clock, digest } from '../../shared/index.js';
import { isSafe } from './own-origin.js';
import { conflict, Problem } from './problem.js';

export const IDEMPOTENCY_HEADER = 'idempotency-key';
const OWN_API = '/api/v1/';
/** Visible ASCII. */
const SHAPE = /^[\x21-\x7e]{1,255}$/;

/**
 * Honours `Idempotency-Key` on changes of our own API: a repetition gets the first answer again for 24 hours. Refusals are
 * not kept, since nothing came of them: the same key may be used once the request is mended.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly log = new Logger('idempotency');

  constructor(
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { caller?: Caller }>();
    const keyed = keyedRequest(request, this.clock.now());
    if (!keyed) return next.handle();
    const claim = await this.answers.claim(keyed);
    const reply = http.getResponse<FastifyReply>();
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
        reply.status(claim.answer.status).header('idempotency-replayed', 'true');
        return of(claim.answer.body === null ? undefined : (JSON.parse(claim.answer.body) as unknown));
      case 'first':
        return next.handle().pipe(
          mergeMap((value: unknown) => this.keep(keyed, reply, value)),
          catchError((cause: unknown) => from(this.release(keyed, cause))),
        );
    }
  }

  /** What was done is answered even when its answer cannot be kept. */
  private async keep(keyed: KeyedRequest, reply: FastifyReply, value: unknown): Promise<unknown> {
    const body = value === undefined ? null : JSON.stringify(value);
    await this.answers
      .keep(keyed, { status: reply.statusCode, body })
      .catch((cause: unknown) => this.log.error(cause));
    return value;
  }

  private async release(keyed: KeyedRequest, cause: unknown): Promise<never> {
    await this.answers.release(keyed).catch((failure: unknown) => this.log.error(failure));
    throw cause;
  }
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
