import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Caller, Keys, Sessions } from '../../access/index.js';
import { CONFIG, type Config } from '../../config.js';
import { sessionCookie } from './session-cookie.js';

/** Finds out who calls: by the key in `Authorization`, else by the desk's cookie. */
@Injectable()
export class Callers {
  constructor(
    private readonly keys: Keys,
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Null: nobody whom we know (any more). */
  async of(request: FastifyRequest): Promise<Caller | null> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [scheme, key] = authorization.split(' ');
      return scheme?.toLowerCase() === 'bearer' && key ? this.keys.authenticate(key) : null;
    }
    const token = sessionCookie(request, this.config.publicUrl);
    return token === undefined ? null : this.sessions.authenticate(token);
  }
}
