import { type ExecutionContext, HttpStatus, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../access/index.js';
import { Problem } from './problem.js';

const SECONDS = 1000;

/** Limits each key, and each address on open routes. Tells where the caller stands by the RateLimit headers (draft 11). */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override getTracker(request: FastifyRequest & { caller?: Caller }): Promise<string> {
    return Promise.resolve(request.caller ? `key:${request.caller.keyId}` : `address:${request.ip}`);
  }

  /** One allowance for all routes of a caller. */
  protected override generateKey(_context: ExecutionContext, tracker: string, name: string): string {
    return `${name}:${tracker}`;
  }

  protected override setResponseHeader(reply: FastifyReply, name: string, value: string | number): void {
    if (name.endsWith('-Limit')) reply.header('ratelimit-policy', `"default";q=${value};w=60`);
    else if (name.endsWith('-Remaining')) reply.header('ratelimit', `"default";r=${value}`);
    else if (name.endsWith('-Reset')) {
      const remaining = String(reply.getHeader('ratelimit') ?? '');
      reply.header('ratelimit', `${remaining};t=${value}`);
    } else reply.header(name, value);
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    limit: ThrottlerLimitDetail,
  ): Promise<void> {
    const seconds = Math.max(1, Math.ceil(limit.timeToBlockExpire || limit.timeToExpire));
    throw new Problem(
      'too-many-requests',
      HttpStatus.TOO_MANY_REQUESTS,
      'Too many requests',
      `The limit is ${limit.limit} requests in ${limit.ttl / SECONDS} seconds. Try again in ${seconds} seconds.`,
    );
  }
}
