import type { FastifyReply, FastifyRequest } from 'fastify';
import { LONGEST_SESSION_MILLISECONDS } from '../../access/index.js';
import { SECOND } from '../../shared/index.js';
import { overTls } from './own-origin.js';

/** `__Host-` binds the cookie to this very host over TLS; browsers refuse it elsewhere. */
const SECURE_NAME = '__Host-nba_session';
const PLAIN_NAME = 'nba_session';

/** The token of the desk's cookie; undefined without one. */
export function sessionCookie(request: FastifyRequest, publicUrl: string | null): string | undefined {
  const name = overTls(request, publicUrl) ? SECURE_NAME : PLAIN_NAME;
  for (const part of request.headers.cookie?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** The browser keeps it as long as a session can last; the server decides how long it is good for. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
  token: string,
): void {
  write(request, reply, publicUrl, token, LONGEST_SESSION_MILLISECONDS / SECOND);
}

export function clearSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
): void {
  write(request, reply, publicUrl, '', 0);
}

function write(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
  value: string,
  maxAge: number,
): void {
  const secure = overTls(request, publicUrl);
  const name = secure ? SECURE_NAME : PLAIN_NAME;
  reply.header(
    'set-cookie',
    `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
  );
}
