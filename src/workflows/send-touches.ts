import type { Catalogues } from '../catalogue/index.js';
import type { Mailer, MailReceipt } from '../delivery/index.js';
import { eventOfTouch, type OwnTouch, type TouchChange, type TouchPlans } from '../events/index.js';
import type { SuggestionId } from '../recommender/index.js';
import { addDays, type Clock, MINUTE, type Transactions } from '../shared/index.js';
import type { ClosingReason } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { ChannelPace } from './begin-touch-pace.js';
import type { BeginTouch } from './begin-touch.js';
import type { CloseSuggestions } from './close-suggestions.js';
import type { IngestEvents } from './ingest-events.js';
import type { PlanTouches } from './plan-touches.js';

/** Keeps an address that takes no mail from being written to again. The account is locked. */
export abstract class HeldAddresses {
  abstract hold(touch: OwnTouch['touch'], within: Parameters<TouchPlans['move']>[3]): Promise<void>;
}

export interface SendTouchesParts {
  transactions: Transactions;
  locks: AccountLocks;
  plan: PlanTouches;
  begin: BeginTouch;
  plans: TouchPlans;
  pace: ChannelPace;
  mailer: Mailer;
  held: HeldAddresses;
  ingest: IngestEvents;
  close: CloseSuggestions;
  catalogues: Catalogues;
  clock: Clock;
}

/** Touches that one process has in hand at once. */
const CONCURRENCY = 4;
const AT_ONCE = 100;
/** Waits after a passing refusal; after the last one it is given up. */
const RETRY_MINUTES: readonly number[] = [1, 5, 15, 60];
const PACE_DAYS = 3;
/** What failed for a reason of ours is looked at again after this. */
const TROUBLE_MINUTES = 5;

/** What one look at the queue did. */
export interface TouchesDone {
  planned: number;
  begun: number;
  cancelled: number;
  /** Being sent by somebody who never said what became of it. */
  unknown: number;
}

/**
 * Sends the touches whose time has come. Towards customers each is sent at most once: it is `sending` before anything
 * leaves the house, and what was not heard of in time is `unknown` and never sent again by itself.
 */
export class SendTouches {
  constructor(private readonly parts: SendTouchesParts) {}

  /** Everything that is due now: plans, begins, sends. Safe to run in any number of processes at once. */
  async runDue(): Promise<TouchesDone> {
    const troubles: unknown[] = [];
    const unknown = await this.giveUp();
    const planned = await this.parts.plan.run();
    const done: TouchesDone = { planned: planned.length, begun: 0, cancelled: 0, unknown };
    for (;;) {
      const due = await this.parts.plans.due('planned', this.parts.clock.now(), AT_ONCE);
      const outcomes = await inParallel(due, CONCURRENCY, (own) =>
        this.one(own).catch((cause: unknown) => this.postpone(own, cause, troubles)),
      );
      done.begun += outcomes.filter((outcome) => outcome === 'begun').length;
      done.cancelled += outcomes.filter((outcome) => outcome === 'cancelled').length;
      if (due.length < AT_ONCE) break;
    }
    await this.parts.pace.forget(addDays(this.parts.clock.now(), -PACE_DAYS));
    if (troubles.length > 0)
      throw new AggregateError(troubles, `${troubles.length} touches met with trouble`);
    return done;
  }

  /** Trouble with one touch is no reason to let the others wait; one that has begun is left to its lease. */
  private async postpone(own: OwnTouch, cause: unknown, troubles: unknown[]): Promise<'later'> {
    troubles.push(cause);
    const { transactions, plans, clock } = this.parts;
    const nextTryAt = new Date(clock.now().getTime() + TROUBLE_MINUTES * MINUTE);
    await transactions.run((within) =>
      plans.move(own.touch, ['planned'], { to: 'planned', nextTryAt }, within),
    );
    return 'later';
  }

  /** Begins one touch and, where it is ours to send, sends it. */
  async one({ touch }: OwnTouch): Promise<'begun' | 'cancelled' | 'later' | 'gone'> {
    const beginning = await this.parts.begin.run(touch);
    if (beginning.kind !== 'begun') return beginning.kind;
    if (beginning.mail) await this.settle(beginning.touch, await this.parts.mailer.send(beginning.mail));
    return 'begun';
  }

  /** Writes down what the mailer said. */
  private async settle(own: OwnTouch, receipt: MailReceipt): Promise<void> {
    if (receipt.status === 'accepted') {
      const { ingest, catalogues } = this.parts;
      const kind = (await catalogues.current()).channels.get(own.touch.channelId)?.kind ?? 'email';
      // the event makes the touch `sent` and completes its suggestion, in one transaction
      await ingest.run([eventOfTouch(own, 'sent', kind, own.touch.at)], OWN);
      return;
    }
    if (receipt.status === 'uncertain')
      return this.end(own, { to: 'unknown', because: receipt.because }, false);
    const wait = receipt.permanent ? undefined : RETRY_MINUTES[own.plan.tries];
    const again = wait === undefined ? null : new Date(this.parts.clock.now().getTime() + wait * MINUTE);
    if (again !== null && again < own.plan.slot.to) {
      const change: TouchChange = {
        to: 'planned',
        nextTryAt: again,
        tries: own.plan.tries + 1,
        because: receipt.because,
      };
      return this.end(own, change, false);
    }
    return this.end(own, { to: 'failed', because: receipt.because }, receipt.noSuchMailbox ?? false);
  }

  private async end(own: OwnTouch, change: TouchChange, holds: boolean): Promise<void> {
    const { transactions, locks, plans, held, close, clock } = this.parts;
    const { accountId } = own.touch;
    await transactions.run(async (within) => {
      await locks.lock([accountId], within);
      if (!(await plans.move(own.touch, ['sending'], change, within))) return;
      await locks.raisePolicyEpoch([accountId], within);
      if (holds) await held.hold(own.touch, within);
      if (change.to === 'planned') return;
      const because: ClosingReason =
        change.to === 'failed'
          ? { code: 'not-sent', args: { detail: change.because ?? '' } }
          : { code: 'arrival-unknown', args: {} };
      const suggestion = { accountId, suggestionId: own.plan.suggestionId as SuggestionId };
      await close.withdraw([{ suggestion, because }], clock.now(), within);
    });
  }

  /** Touches whose sender has died, and requests that nobody reported on. */
  private async giveUp(): Promise<number> {
    const { plans, clock } = this.parts;
    for (let given = 0; ;) {
      const silent = await plans.due('sending', clock.now(), AT_ONCE);
      for (const own of silent) {
        const because =
          own.plan.through === 'mail'
            ? 'Its sending was begun and never finished.'
            : 'Nobody reported what became of it.';
        await this.end(own, { to: 'unknown', because }, false);
      }
      given += silent.length;
      if (silent.length < AT_ONCE) return given;
    }
  }
}

/** What we did ourselves is told under this name. */
export const OWN = { origin: 'live', recordedBy: 'system', publicKey: false } as const;

async function inParallel<Item, Value>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const waiting = [...items];
  const values: Value[] = [];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      values.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return values;
}
