import type { Catalogues } from '../catalogue/index.js';
import { eventOfTouch, type OwnTouch, type TouchPlans } from '../events/index.js';
import type { SuggestionId } from '../recommender/index.js';
import { type Clock, err, ok, type Result, type Transactions } from '../shared/index.js';
import type { AccountLocks } from './account-locks.js';
import type { CloseSuggestions } from './close-suggestions.js';
import type { IngestEvents } from './ingest-events.js';
import { type HeldAddresses, OWN } from './send-touches.js';

export const reportStatuses = ['sent', 'delivered', 'bounced', 'failed'] as const;

/** What whoever performs a touch says became of it. */
export interface TouchReport {
  status: (typeof reportStatuses)[number];
  at: Date;
  because?: string | null;
  /** Of a bounce: the address will never take mail. */
  permanent?: boolean;
}

/** Why a report changes nothing: the touch has not begun, so that nobody can have performed it. */
export interface ReportRefused {
  code: 'not-begun';
  state: string;
}

export interface ReportTouchParts {
  transactions: Transactions;
  locks: AccountLocks;
  plans: TouchPlans;
  held: HeldAddresses;
  ingest: IngestEvents;
  close: CloseSuggestions;
  catalogues: Catalogues;
  clock: Clock;
}

/** Takes reports of what became of touches; the same report twice changes nothing. */
export class ReportTouch {
  constructor(private readonly parts: ReportTouchParts) {}

  async run(own: OwnTouch, report: TouchReport): Promise<Result<OwnTouch, ReportRefused>> {
    const { state, touchId } = own.touch;
    if (state === 'planned') return err({ code: 'not-begun', state });
    if (report.status === 'sent' || report.status === 'delivered') await this.sent(own, report);
    else await this.failed(own, report);
    return ok((await this.parts.plans.find(touchId)) ?? own);
  }

  /** That it was sent is a fact, even of one that was called back: it is a touch. */
  private async sent(own: OwnTouch, { status, at }: TouchReport): Promise<void> {
    const { touch, plan } = own;
    const over = touch.state === 'sent' || plan.bouncedAt !== null;
    if (!over) await this.tell(own, 'sent', at);
    if (status !== 'delivered' || plan.deliveredAt !== null) return;
    await this.change(own, async (within) => {
      const change = { to: 'sent', deliveredAt: at } as const;
      await this.parts.plans.move(touch, ['sent'], change, within);
    });
  }

  private async failed(own: OwnTouch, report: TouchReport): Promise<void> {
    const { touch, plan } = own;
    const bounced = report.status === 'bounced';
    if (bounced ? plan.bouncedAt !== null : touch.state === 'failed' || touch.state === 'cancelled') return;
    const permanent = bounced && report.permanent !== false;
    const because = report.because ?? (bounced ? 'It came back.' : 'Whoever performs it could not.');
    const { plans, held, close, locks, clock } = this.parts;
    await this.change(own, async (within) => {
      const change = {
        to: 'failed' as const,
        because,
        ...(bounced ? { bouncedAt: report.at } : {}),
      };
      if (!(await plans.move(touch, ['sending', 'sent', 'unknown', 'failed'], change, within))) return;
      await locks.raisePolicyEpoch([touch.accountId], within);
      if (permanent) await held.hold(touch, within);
      const suggestion = { accountId: touch.accountId, suggestionId: plan.suggestionId as SuggestionId };
      const why = { code: 'not-sent', args: { detail: because } } as const;
      await close.withdraw([{ suggestion, because: why }], clock.now(), within);
    });
    if (bounced) await this.tell(own, 'bounced', report.at, permanent);
  }

  private async tell(own: OwnTouch, what: 'sent' | 'bounced', at: Date, permanent?: boolean): Promise<void> {
    const { ingest, catalogues } = this.parts;
    const kind = (await catalogues.current()).channels.get(own.touch.channelId)?.kind;
    if (kind === undefined || (what === 'bounced' && kind !== 'email')) return;
    const more = permanent === undefined ? {} : { permanent };
    await ingest.run([eventOfTouch(own, what, kind, at, more)], OWN);
  }

  private change(
    { touch }: OwnTouch,
    work: (within: Parameters<TouchPlans['move']>[3]) => Promise<void>,
  ): Promise<void> {
    const { transactions, locks } = this.parts;
    return transactions.run(async (within) => {
      await locks.lock([touch.accountId], within);
      await work(within);
    });
  }
}
