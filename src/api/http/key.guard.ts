import { type CanActivate, type ExecutionContext, HttpStatus, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds, Keys, type Scope } from '../../access/index.js';
import { forbidden, Problem } from './problem.js';
import { OPEN_ROUTE, REQUIRED_SCOPES } from './scopes.js';

/** Nothing is open by default: a route names the scopes it asks for, or says that it is open. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly keys: Keys,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN_ROUTE, route)) return true;
    const needed = this.reflector.getAllAndOverride<Scope[] | undefined>(REQUIRED_SCOPES, route) ?? ['admin'];
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const caller = await this.authenticate(request.headers.authorization);
    if (!holds(caller, needed)) {
      throw forbidden(
        `This key has the scopes ${caller.scopes.join(', ')}; this route needs ${needed.join(' or ')}.`,
      );
    }
    request.caller = caller;
    return true;
  }

  private async authenticate(authorization: string | undefined): Promise<Caller> {
    const [scheme, key] = authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() !== 'bearer' || !key) {
      throw unauthenticated(
        'Send your key as "Authorization: Bearer nba_…". Make one with: npm run nba -- keys create --scopes read,score',
      );
    }
    const caller = await this.keys.authenticate(key);
    if (!caller)
      throw unauthenticated('This key is unknown or was revoked. Make one with: npm run nba -- keys create');
    return caller;
  }
}

export function unauthenticated(detail: string): Problem {
  return new Problem('not-authenticated', HttpStatus.UNAUTHORIZED, 'Not authenticated', detail);
}
