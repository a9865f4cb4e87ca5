import { type CanActivate, type ExecutionContext, HttpStatus, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds, type Scope } from '../../access/index.js';
import { CONFIG, type Config } from '../../config.js';
import { Callers } from './callers.js';
import { isOwnRequest, isSafe, REQUEST_HEADER } from './own-origin.js';
import { forbidden, Problem } from './problem.js';
import { OPEN_ROUTE, REQUIRED_SCOPES } from './scopes.js';
import { sessionCookie } from './session-cookie.js';

/** Nothing is open by default: a route names the scopes it asks for, or says that it is open. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN_ROUTE, route)) return true;
    const needed = this.reflector.getAllAndOverride<Scope[] | undefined>(REQUIRED_SCOPES, route) ?? ['admin'];
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const caller = await this.callers.of(request);
    if (!caller) throw unauthenticated(this.howToAuthenticate(request));
    if (caller.session && !isSafe(request.method) && !isOwnRequest(request, this.config.publicUrl)) {
      throw forbidden(
        `With the desk's cookie, changes are taken from the desk's own pages only. Other clients: use a key, or send the header ${REQUEST_HEADER}.`,
      );
    }
    if (!holds(caller, needed)) {
      const who = caller.session ? `Your role (${caller.role})` : 'This key';
      const has = caller.scopes.length > 0 ? caller.scopes.join(', ') : 'none';
      throw forbidden(`${who} has the scopes ${has}; this route needs ${needed.join(' or ')}.`);
    }
    request.caller = caller;
    return true;
  }

  private howToAuthenticate(request: FastifyRequest): string {
    const { authorization } = request.headers;
    const [scheme, key] = authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() === 'bearer' && key)
      return 'This key is unknown or was revoked. Make one with: npm run nba -- keys create';
    if (authorization === undefined && sessionCookie(request, this.config.publicUrl) !== undefined)
      return 'Your session has ended. Sign in again; a new link is made with: npm run nba -- sign-in-link';
    return 'Send your key as "Authorization: Bearer nba_…". Make one with: npm run nba -- keys create --scopes read,score';
  }
}

export function unauthenticated(detail: string): Problem {
  return new Problem('not-authenticated', HttpStatus.UNAUTHORIZED, 'Not authenticated', detail);
}
