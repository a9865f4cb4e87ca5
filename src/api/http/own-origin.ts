import type { FastifyRequest } from 'fastify';

/** Sent by our own pages where a browser tells nothing by itself; a foreign page cannot set it without asking first. */
export const REQUEST_HEADER = 'x-nba-request';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** Whether the browser came to us over TLS, as far as it can be told. */
export function overTls(request: FastifyRequest, publicUrl: string | null): boolean {
  if (publicUrl !== null) return publicUrl.startsWith('https:');
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
}

/**
 * Whether a page of our own made this request, and not another site in a browser that holds our cookie. Browsers say so by
 * `Sec-Fetch-Site` or `Origin`; one that says neither has to send `X-NBA-Request`.
 */
export function isOwnRequest(request: FastifyRequest, publicUrl: string | null): boolean {
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (headers.origin !== undefined) return isOwnOrigin(headers.origin, headers.host, publicUrl);
  return headers[REQUEST_HEADER] !== undefined;
}

function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: from, origin: whole } = new URL(origin);
  return publicUrl === null ? from === host : whole === new URL(publicUrl).origin;
}
