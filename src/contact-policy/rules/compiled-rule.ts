import type { ChannelId, ChannelKind, ContactId } from '../../catalogue/index.js';
import type { ConsentFact } from '../../consent/index.js';
import type { BudgetsUsed, ContactHistory } from '../history.js';
import type { ReachOfActions } from '../reach-book.js';
import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal } from '../rule.js';

/** What the rules read of one account at one time. */
export interface PolicySurroundings {
  /** Leaves out the touch that is about to begin, if there is one. */
  history: ContactHistory;
  consents: readonly ConsentFact[];
  budgets: BudgetsUsed;
  /** IANA zone in which a contact lives. */
  timeZoneOf: (contactId: ContactId) => string;
  /** ISO 3166-1 alpha-2 country of the account, for working week and holidays. */
  countryOf: string | null;
  at: Date;
  /** Actions that do not reach all accounts yet; absent: all do. */
  reach?: ReachOfActions;
  /** Contacts' own caps, messages within 7 days; absent: nobody has one. */
  ownCaps?: ReadonlyMap<ContactId, number>;
  /** Kind of the channels of past touches; absent: a channel's id is the name of its kind. */
  channelKindOf?: (channelId: ChannelId) => ChannelKind | undefined;
}

/** A rule made ready for one account at one time. A rule that cannot refuse anything there is not compiled at all. */
export interface CompiledRule {
  refuses(touch: IntendedTouch): Refusal | undefined;
  /** When a refusal that stands now lapses first; null: not by itself. */
  readonly changesAt: Date | null;
  /** It reads nothing of the account: the same touch is judged alike everywhere. */
  readonly forAllAccounts?: true;
}

/** The earliest of the times at which refusals lapse. */
export function firstLapse(refusals: Iterable<Refusal>): Date | null {
  let first: Date | null = null;
  for (const { until } of refusals) if (until !== null && (first === null || until < first)) first = until;
  return first;
}

/** A day as a person reads it, or with its time to the minute; UTC. */
export function readable(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
