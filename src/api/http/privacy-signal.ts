import type { FastifyRequest } from 'fastify';

/** Whether the browser asks, by Global Privacy Control, not to share what is known of its user. Other values say nothing. */
export function asksForPrivacy({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['sec-gpc'] === '1';
}
