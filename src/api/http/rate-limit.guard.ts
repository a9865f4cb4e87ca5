import { type CanActivate, type ExecutionContext, HttpStatus, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Caller } from '../../access/index.js';
import { MINUTE, SECOND } from '../../shared/index.js';
import { Problem } from './problem.js';
import { OWN_RATE_LIMIT } from './scopes.js';

export const RATE_LIMITER = Symbol('RateLimiter');

const SECONDS_A_WINDOW = MINUTE / SECOND;

/** Limits each key, and each address on open routes. Tells where the caller stands by the RateLimit headers (draft 11). */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiterAbstract,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OWN_RATE_LIMIT, route)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { caller?: Caller }>();
    const reply = http.getResponse<FastifyReply>();
    if (request.url.startsWith('/health/')) return true;
    const who = request.caller ? `key:${request.caller.keyId}` : `address:${request.ip}`;
    const spent = await this.limiter.consume(who).catch((cause: unknown) => cause);
    if (!isStanding(spent)) throw spent;
    const seconds = Math.max(1, Math.ceil(spent.msBeforeNext / SECOND));
    reply.header('ratelimit-policy', `"default";q=${this.limiter.points};w=${SECONDS_A_WINDOW}`);
    reply.header('ratelimit', `"default";r=${Math.max(0, spent.remainingPoints)};t=${seconds}`);
    if (spent.consumedPoints <= this.limiter.points) return true;
    throw new Problem(
      'too-many-requests',
      HttpStatus.TOO_MANY_REQUESTS,
      'Too many requests',
      `The limit is ${this.limiter.points} requests a minute. Try again in ${seconds} seconds.`,
      [],
      seconds,
    );
  }
}

interface Standing {
  msBeforeNext: number;
  remainingPoints: number;
  consumedPoints: number;
}

/** The limiter gives the same object for an allowed call and, as a rejection, for a refused one. */
function isStanding(value: unknown): value is Standing {
  return typeof value === 'object' && value !== null && 'msBeforeNext' in value && 'consumedPoints' in value;
}
