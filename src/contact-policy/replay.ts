import type { AccountId, ActionId, Channel, ChannelId, ContactId, Role } from '../catalogue/index.js';
import { compileContactPolicy } from './check.js';
import type { PastTouch } from './history.js';
import type { IntendedTouch } from './intended-touch.js';
import type { ContactRule, Refusal, RuleSet } from './rule.js';

/** A touch that happened, with what the rules ask of it beside its place in history. */
export interface ReplayedTouch extends PastTouch {
  touchId: string;
  topics: readonly string[];
  performedBy: Role | 'automatic';
  mandatory: boolean;
}

/** One account's touches, oldest first; those before `from` are history only. */
export interface Replay {
  accountId: AccountId;
  touches: readonly ReplayedTouch[];
  from: Date;
  to: Date;
  channels: ReadonlyMap<ChannelId, Channel>;
  timeZoneOf: (contactId: ContactId) => string;
  country: string | null;
}

export interface ReplayedRefusal {
  touch: ReplayedTouch;
  refusal: Refusal;
}

/**
 * Whether past touches alone tell what a rule would have done: others need threads, quotes, dismissals or budgets of
 * then.
 */
export function canReplay(rule: ContactRule): boolean {
  return (
    rule.kind === 'cap' ||
    rule.kind === 'quiet-hours' ||
    rule.kind === 'firewall' ||
    (rule.kind === 'cool-down' && rule.after === 'touch')
  );
}

/**
 * What the rules would have refused of the touches of a period. A touch that is refused does not happen in the replay,
 * so that it neither counts against later ones nor lets anything rest. Consent is left out: no rule changes it.
 */
export function replay(rules: RuleSet, past: Replay): { touches: number; refused: ReplayedRefusal[] } {
  const happened: ReplayedTouch[] = [];
  const refused: ReplayedRefusal[] = [];
  let touches = 0;
  for (const touch of past.touches) {
    if (touch.at > past.to) break;
    const refusal = touch.at < past.from ? undefined : refusalOf(rules, touch, happened, past);
    if (touch.at >= past.from) touches += 1;
    if (refusal) refused.push({ touch, refusal });
    else happened.push(touch);
  }
  return { touches, refused };
}

function refusalOf(
  rules: RuleSet,
  touch: ReplayedTouch,
  happened: readonly ReplayedTouch[],
  past: Replay,
): Refusal | undefined {
  const intended = intendedTouch(touch, past.channels);
  if (!intended) return undefined;
  const policy = compileContactPolicy(rules, {
    history: { accountId: past.accountId, touches: happened, dismissals: [], threads: [], quotes: [] },
    consents: [],
    budgets: new Map(),
    timeZoneOf: past.timeZoneOf,
    countryOf: past.country,
    at: touch.at,
    channelKindOf: (channelId) => past.channels.get(channelId)?.kind,
  });
  return policy.refusesToBegin(intended);
}

/** Of a touch that came from no action of the catalogue. */
const NO_ACTION = '' as ActionId;

/** Undefined for a touch that no rule can judge: nobody knows whom it reached, or on which channel. */
function intendedTouch(
  touch: ReplayedTouch,
  channels: ReadonlyMap<ChannelId, Channel>,
): IntendedTouch | undefined {
  const channel = channels.get(touch.channelId);
  if (touch.contactId === null || !channel) return undefined;
  return {
    contactId: touch.contactId,
    channelId: touch.channelId,
    channelKind: channel.kind,
    channelConsent: 'opt-out',
    purpose: touch.purpose ?? 'marketing',
    actionId: touch.actionId ?? NO_ACTION,
    productIds: touch.productIds,
    topics: touch.topics,
    performedBy: touch.performedBy,
    memberId: null,
    mandatory: touch.mandatory,
    viewerRole: null,
    productsAvailable: [],
  };
}
