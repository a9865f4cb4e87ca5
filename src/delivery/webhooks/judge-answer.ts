import type { Rng } from '../../shared/index.js';
import type { AttemptReport, ClaimedDelivery, Consequence } from './deliveries.js';
import { retryAfterOf } from './retry-after.js';
import { delayAfter, LONGEST_RETRY_AFTER_MILLISECONDS } from './schedule.js';
import type { WebhookAnswer } from './webhook-sender.js';

const GONE = 410;
/** Answers that ask for a pause. */
const BUSY: readonly number[] = [429, 502, 503, 504];

/** What an attempt leaves in the log; `stopped` is no attempt. */
export function reportOf(answer: WebhookAnswer, at: Date): AttemptReport {
  const { durationMilliseconds } = answer;
  return answer.kind === 'answered'
    ? { at, durationMilliseconds, status: answer.status, problem: null, answer: answer.text }
    : { at, durationMilliseconds, status: null, problem: `${answer.kind}: ${answer.because}`, answer: null };
}

/**
 * What follows from an answer at `at`: 2xx is success, all else fails. 410 ends everything to this endpoint. A busy
 * receiver's `Retry-After` puts off this message, and all others to it, for at most a day.
 */
export function consequenceOf(
  answer: WebhookAnswer,
  { step, message }: Pick<ClaimedDelivery, 'step' | 'message'>,
  at: Date,
  rng: Rng,
): Consequence {
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300)
    return { state: 'delivered' };
  const because = problemOf(answer);
  if (answer.kind === 'answered' && answer.status === GONE)
    return { state: 'failed', because, disable: 'the receiver answered 410 Gone' };
  const busy = answer.kind === 'answered' && BUSY.includes(answer.status);
  const asked = busy ? retryAfterOf(answer.retryAfter, at) : null;
  const delay = delayAfter(step, asked, rng);
  if (delay === null)
    return { state: 'failed', because: `${because}; it was the last attempt`, disable: null };
  const nextAttemptAt = new Date(at.getTime() + delay);
  if (message.notAfter && nextAttemptAt >= message.notAfter)
    return { state: 'expired', because: `${because}; the next attempt would come too late`, disable: null };
  const rest = asked === null ? null : Math.min(asked, LONGEST_RETRY_AFTER_MILLISECONDS);
  return { state: 'waiting', nextAttemptAt, restsUntil: rest ? new Date(at.getTime() + rest) : null };
}

function problemOf(answer: WebhookAnswer): string {
  return answer.kind === 'answered' ? `answered ${answer.status}` : `${answer.kind}: ${answer.because}`;
}
