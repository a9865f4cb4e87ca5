import { type Clock, type Ids, type Rng, SECOND } from '../../shared/index.js';
import { endOf } from './judge-push.js';
import type { PushCheck } from './push-check.js';
import type { ClaimedPush, PushDeliveries, PushEnd } from './push-deliveries.js';
import { payloadOf, topicOf } from './push-note.js';
import type { PushSender } from './push-sender.js';

/** Attempts at once of one process. */
const IN_ALL = 32;
/** Four weeks: push services keep nothing longer. */
const LONGEST_TTL_SECONDS = 28 * 24 * 60 * 60;

/** Who is told of what happens, for logs and figures. */
export interface PushWatch {
  ended(state: PushEnd['state']): void;
  /** Something of ours failed; the push is tried again when its claim is over. */
  troubled(cause: unknown): void;
}

export interface SendPushesParts {
  deliveries: PushDeliveries;
  sender: PushSender;
  check: PushCheck;
  watch: PushWatch;
  clock: Clock;
  ids: Ids;
  rng: Rng;
  timeoutMilliseconds: number;
}

/**
 * Rings at the devices of members: claims, asks whether it still matters, sends outside any transaction, marks. Whoever dies
 * in between leaves a claim that runs out; the push goes out again under its topic, and replaces what it repeats.
 */
export class SendPushes {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: SendPushesParts) {}

  /** Makes every attempt that is due and waits for the answers. Gives the number of those taken in hand. */
  async runDue(at: Date): Promise<number> {
    for (let taken = 0; ;) {
      const begun = await this.begin(at);
      if (begun.length === 0) return taken;
      taken += begun.length;
      await Promise.all(begun);
    }
  }

  /** Begins what is due, as far as there is room, and gives their ends, which never reject. */
  async begin(at: Date): Promise<Promise<void>[]> {
    const room = IN_ALL - this.running.size;
    if (room <= 0 || this.stopping.signal.aborted) return [];
    const { deliveries, ids, timeoutMilliseconds } = this.parts;
    const leaseUntil = new Date(at.getTime() + 1.5 * timeoutMilliseconds + SECOND);
    const claimed = await deliveries.claim(at, leaseUntil, ids.next(), room);
    return claimed.map((push) => this.follow(push, at));
  }

  /** Lets attempts under way end for a while, then breaks them off; those are due again at once. */
  async stop(graceMilliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), graceMilliseconds);
    await Promise.all(this.running);
    clearTimeout(timer);
    this.stopping.abort();
  }

  private follow(push: ClaimedPush, at: Date): Promise<void> {
    const { deliveries, watch } = this.parts;
    const end = this.attempt(push, at)
      .then(async (reached) => {
        await deliveries.end(push, reached, at);
        watch.ended(reached.state);
      })
      .catch((cause: unknown) => watch.troubled(cause))
      .finally(() => this.running.delete(end));
    this.running.add(end);
    return end;
  }

  private async attempt(push: ClaimedPush, at: Date): Promise<PushEnd> {
    const { check, sender, clock, rng } = this.parts;
    if (push.notAfter <= at) return { state: 'expired', because: 'it came too late to be told' };
    const verdict = await check.check(push, at);
    if (verdict.ring === 'later') return later(push, verdict.until);
    if (!verdict.ring) return { state: 'cancelled', because: verdict.because };
    const left = Math.floor((push.notAfter.getTime() - at.getTime()) / SECOND);
    const answer = await sender.send({
      address: push.address,
      payload: JSON.stringify(payloadOf(push, push)),
      ttlSeconds: Math.min(left, LONGEST_TTL_SECONDS),
      urgent: push.urgent,
      topic: topicOf(push.subjectId),
      signal: this.stopping.signal,
    });
    if (answer.kind === 'stopped')
      return {
        state: 'waiting',
        nextAttemptAt: at,
        restsUntil: null,
        attempted: false,
        because: answer.because,
      };
    return endOf(answer, push, clock.now(), rng);
  }
}

function later({ notAfter }: ClaimedPush, until: Date): PushEnd {
  if (until >= notAfter) return { state: 'expired', because: 'it is over before she may be disturbed' };
  return { state: 'waiting', nextAttemptAt: until, restsUntil: null, attempted: false, because: null };
}
