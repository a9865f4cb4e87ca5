import { DateTime } from 'luxon';
import { SECOND } from '../../shared/index.js';

const SECONDS = /^\d{1,12}$/;

/**
 * Milliseconds from `at` for which a `Retry-After` header (RFC 9110, 10.2.3: whole seconds, or an HTTP date in any of
 * its three forms) puts us off, not below 0; null when there is none or it cannot be read.
 */
export function retryAfterOf(header: string | undefined, at: Date): number | null {
  const text = header?.trim();
  if (!text) return null;
  if (SECONDS.test(text)) return Number(text) * SECOND;
  const date = DateTime.fromHTTP(text);
  return date.isValid ? Math.max(0, date.toMillis() - at.getTime()) : null;
}
