import type { ContactId } from '../catalogue/index.js';
import type { PreferenceLinks } from '../consent/index.js';
import type { IntendedTouch } from '../contact-policy/index.js';
import type { Mail, Outbox } from '../delivery/index.js';
import type { OwnTouch, TouchChange, TouchPlans } from '../events/index.js';
import { policyOf, type SuggestionId, termsOf, type World } from '../recommender/index.js';
import { type Clock, type Ids, MINUTE, type Transaction, type Transactions } from '../shared/index.js';
import {
  type ClosingReason,
  refusedBy,
  standing,
  type Suggestion,
  type SuggestionBook,
  wordClosing,
} from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import { type ChannelPace, nextRoom, paceSpans } from './begin-touch-pace.js';
import {
  mailOf,
  matterOf,
  requestOf,
  type TouchMatter,
  type TouchWords,
  wordsOf,
} from './begin-touch-words.js';
import type { CloseSuggestions } from './close-suggestions.js';
import type { Situations } from './situations.js';

export interface BeginTouchParts {
  transactions: Transactions;
  locks: AccountLocks;
  situations: Situations;
  book: SuggestionBook;
  /** Suggestions whose touch begins are under way, as accepted ones are. */
  underWay: UnderWay;
  close: CloseSuggestions;
  plans: TouchPlans;
  pace: ChannelPace;
  links: PreferenceLinks;
  outbox: Outbox;
  clock: Clock;
  ids: Ids;
}

/** Says that what is suggested is being done. The account is locked. */
export type UnderWay = (
  suggestion: Pick<Suggestion, 'accountId' | 'suggestionId'>,
  at: Date,
  within: Transaction,
) => Promise<void>;

/** What became of a planned touch whose time had come. */
export type Beginning =
  | { kind: 'begun'; touch: OwnTouch; mail: Mail | null }
  | { kind: 'cancelled'; rule: string | null; because: string }
  | { kind: 'later'; at: Date }
  /** Somebody else has begun or cancelled it. */
  | { kind: 'gone' };

/** Whoever sends a mail has answered within this time, or died. */
const MAIL_LEASE_MINUTES = 10;
/** A connector may report until so long after the slot. */
const REPORT_MINUTES = 60;

/** Why it does not begin; with a closing its suggestion is taken back too. */
interface Stop {
  rule: string | null;
  because: string;
  closing: ClosingReason | null;
}

function stopFor(closing: ClosingReason): Stop {
  if (closing.code !== 'refused') return { rule: null, because: wordClosing(closing), closing };
  return { rule: closing.args.rule, because: closing.args.detail, closing };
}

/**
 * Begins a planned touch: `planned → sending`, under the lock of its account, after the whole contact policy was asked
 * of what stands at that instant. This instant is the touch. Nothing leaves the house in here.
 */
export class BeginTouch {
  constructor(private readonly parts: BeginTouchParts) {}

  async run(planned: Pick<OwnTouch['touch'], 'accountId' | 'touchId'>): Promise<Beginning> {
    const { transactions, locks, plans, situations, clock } = this.parts;
    const world = await situations.world();
    return transactions.run(async (within) => {
      await locks.lock([planned.accountId], within);
      const own = await plans.find(planned.touchId, within);
      if (!own || own.touch.accountId !== planned.accountId || own.touch.state !== 'planned')
        return { kind: 'gone' };
      return this.begin(own, world, clock.now(), within);
    });
  }

  private async begin(own: OwnTouch, world: World, at: Date, within: Transaction): Promise<Beginning> {
    const { book, situations } = this.parts;
    const suggestion = await book.find(own.plan.suggestionId as SuggestionId, at, within);
    const stopped = stoppedBefore(own, suggestion, at);
    if (stopped) return this.cancel(own, stopped, at, within);
    const [situation] = await situations.of([own.touch.accountId], world, at, within);
    const matter = situation ? matterOf(own, situation.dossier, world.catalogue) : null;
    if (!situation || !matter) return this.cancel(own, GONE, at, within);
    const judgedAt = afterAllRecorded(at, situation.consents);
    const refusal = policyOf({ situation, at: judgedAt }, world).refusesToBegin(intendedTouch(own, matter));
    if (refusal) return this.cancel(own, stopFor(refusedBy(refusal)), at, within);
    const words = wordsOf(own, matter, this.parts.links);
    if (!words.ok)
      return this.cancel(own, stopFor({ code: 'no-words', args: { detail: words.error } }), at, within);
    return this.send(own, matter, words.value, { world, at }, within);
  }

  /** All rules allow it: what remains is an address, words, and room on the channel. */
  private async send(
    own: OwnTouch,
    matter: TouchMatter,
    words: TouchWords | null,
    { world, at }: { world: World; at: Date },
    within: Transaction,
  ): Promise<Beginning> {
    const byMail = own.plan.through === 'mail';
    const mail = byMail && words ? mailOf(own, matter, words) : null;
    if (byMail && !mail) return this.cancel(own, words ? NO_ADDRESS : NO_WORDS, at, within);
    const spans = paceSpans(matter.channel, at, world.timeZone);
    if (!(await this.parts.pace.take(matter.channel.channelId, spans, within)))
      return this.later(own, nextRoom(spans, at), within);
    const touch = await this.record(own, at, within);
    if (!byMail) await this.request(touch, requestOf(touch, matter, words), at, within);
    return { kind: 'begun', touch, mail };
  }

  private async record(own: OwnTouch, at: Date, within: Transaction): Promise<OwnTouch> {
    const { plans, locks, underWay } = this.parts;
    const { accountId } = own.touch;
    const leaseUntil =
      own.plan.through === 'mail'
        ? new Date(at.getTime() + MAIL_LEASE_MINUTES * MINUTE)
        : new Date(own.plan.slot.to.getTime() + REPORT_MINUTES * MINUTE);
    const change: TouchChange = { to: 'sending', at, leaseUntil, because: null };
    await plans.move(own.touch, ['planned'], change, within);
    await underWay({ accountId, suggestionId: own.plan.suggestionId as SuggestionId }, at, within);
    await locks.raisePolicyEpoch([accountId], within);
    return {
      touch: { ...own.touch, state: 'sending', at },
      plan: { ...own.plan, leaseUntil, nextTryAt: null },
    };
  }

  private request(
    { touch, plan }: OwnTouch,
    data: Record<string, unknown>,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    const message = {
      messageId: `msg_${this.parts.ids.next()}`,
      type: 'touch.requested' as const,
      occurredAt: at,
      accountId: touch.accountId,
      memberIds: [],
      data,
      notAfter: plan.slot.to,
    };
    return this.parts.outbox.put([message], within);
  }

  /** When its slot ends before there is room, it is looked at once more, and cancelled then. */
  private async later(own: OwnTouch, room: Date, within: Transaction): Promise<Beginning> {
    const { to: end } = own.plan.slot;
    const nextTryAt = room < end ? room : end;
    const because = 'The channel has no room for it now.';
    await this.parts.plans.move(own.touch, ['planned'], { to: 'planned', nextTryAt, because }, within);
    return { kind: 'later', at: nextTryAt };
  }

  private async cancel(own: OwnTouch, stop: Stop, at: Date, within: Transaction): Promise<Beginning> {
    const { plans, close } = this.parts;
    const { rule, because, closing } = stop;
    await plans.move(own.touch, ['planned'], { to: 'cancelled', rule, because }, within);
    if (closing) {
      const suggestion = {
        accountId: own.touch.accountId,
        suggestionId: own.plan.suggestionId as SuggestionId,
      };
      await close.withdraw([{ suggestion, because: closing }], at, within);
    }
    return { kind: 'cancelled', rule, because };
  }
}

const GONE = stopFor({ code: 'gone', args: {} });
const NO_WORDS = stopFor({
  code: 'no-words',
  args: { detail: 'Its action has no words for this channel.' },
});
const NO_ADDRESS = stopFor(refusedBy({ rule: 'reach', because: 'No address is known that takes mail.' }));
/** Clocks of processes that differ by more are out of order. */
const MOST_SKEW_MINUTES = 10;

/**
 * A "no" that was recorded before holds now, though the clock of whoever recorded it be ahead of ours: what stands in the
 * ledger when the account is locked has happened.
 */
export function afterAllRecorded(at: Date, consents: readonly { recordedAt: Date }[]): Date {
  const latest = at.getTime() + MOST_SKEW_MINUTES * MINUTE;
  return consents.reduce(
    (now, { recordedAt }) => (recordedAt > now && recordedAt.getTime() <= latest ? recordedAt : now),
    at,
  );
}

function stoppedBefore({ plan }: OwnTouch, suggestion: Suggestion | null, at: Date): Stop | null {
  if (at >= plan.slot.to) {
    const passed = stopFor({
      code: 'slot-passed',
      args: plan.because === null ? {} : { detail: plan.because },
    });
    // one that was accepted, or begun before, does not expire by itself
    return suggestion?.state === 'accepted' ? passed : { ...passed, closing: null };
  }
  if (!suggestion) return { ...GONE, closing: null };
  if (standing.includes(suggestion.state) && suggestion.state !== 'snoozed') return null;
  const because = `Its suggestion is ${suggestion.state}.${suggestion.because ? ` ${suggestion.because}` : ''}`;
  return { rule: null, because, closing: null };
}

/** The touch as the contact policy is asked about it. */
export function intendedTouch({ touch }: OwnTouch, { channel, action, product }: TouchMatter): IntendedTouch {
  const offer = termsOf(action, product);
  return {
    contactId: touch.contactId as ContactId,
    channelId: channel.channelId,
    channelKind: channel.kind,
    channelConsent: channel.consent,
    purpose: touch.purpose ?? action.purpose,
    actionId: action.actionId,
    productIds: touch.productIds,
    topics: touch.topics,
    performedBy: 'automatic',
    memberId: null,
    ...(offer ? { offer } : {}),
    mandatory: action.mandatory,
    viewerRole: null,
    productsAvailable: product ? [product] : [],
  };
}
