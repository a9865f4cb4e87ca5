import type { Rng } from '../../shared/index.js';
import { retryAfterOf } from '../webhooks/retry-after.js';
import { delayAfter, LONGEST_RETRY_AFTER_MILLISECONDS } from '../webhooks/schedule.js';
import type { WebhookAnswer } from '../webhooks/webhook-sender.js';
import type { ClaimedPush, PushEnd } from './push-deliveries.js';

/** RFC 8030, 7.3: the browser has given the subscription up. */
const GONE: readonly number[] = [404, 410];
const TOO_MANY = 429;
const TOO_EARLY = 425;
const REQUEST_TIMEOUT = 408;
const SERVER_FAULTS = 500;

/**
 * What follows from the answer of a push service at `at`. 2xx: taken. 404, 410: gone. 408, 425, 429, 5xx and no answer: tried
 * again by the schedule of the webhooks, as long as it is worth telling; `Retry-After` puts off all that waits for the
 * subscription, a day at most. Everything else is about the push itself, and would not get better.
 */
export function endOf(
  answer: WebhookAnswer,
  { step, notAfter }: Pick<ClaimedPush, 'step' | 'notAfter'>,
  at: Date,
  rng: Rng,
): PushEnd {
  if (answer.kind !== 'answered')
    return again(`${answer.kind}: ${answer.because}`, null, step, notAfter, at, rng);
  const { status } = answer;
  if (status >= 200 && status < 300) return { state: 'delivered' };
  if (GONE.includes(status)) return { state: 'gone' };
  const because = `the push service answered ${status}`;
  const passes = status >= SERVER_FAULTS || [REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY].includes(status);
  if (!passes) return { state: 'failed', because };
  return again(because, retryAfterOf(answer.retryAfter, at), step, notAfter, at, rng);
}

function again(
  because: string,
  asked: number | null,
  step: number,
  notAfter: Date,
  at: Date,
  rng: Rng,
): PushEnd {
  const delay = delayAfter(step, asked, rng);
  if (delay === null) return { state: 'failed', because: `${because}; it was the last attempt` };
  const nextAttemptAt = new Date(at.getTime() + delay);
  if (nextAttemptAt >= notAfter)
    return { state: 'expired', because: `${because}; the next attempt would come too late` };
  const rest = asked === null ? null : Math.min(asked, LONGEST_RETRY_AFTER_MILLISECONDS);
  const restsUntil = rest ? new Date(at.getTime() + rest) : null;
  return { state: 'waiting', nextAttemptAt, restsUntil, attempted: true, because };
}
