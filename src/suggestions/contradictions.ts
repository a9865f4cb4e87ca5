import type { Catalogue, ChannelKind, MemberId } from '../catalogue/index.js';
import { type AccountEvent, touchEvents } from '../events/index.js';
import { HOUR } from '../shared/index.js';
import type { ClosingReason } from './closing.js';
import { standing, type Suggestion } from './suggestion.js';

/** What an event is held against. */
interface Case {
  suggestion: Suggestion;
  event: AccountEvent;
  channelKind: ChannelKind | undefined;
}

type Doer = 'herself' | 'a colleague' | 'the customer';

/** Events that make a suggestion pointless, which ones, and in which words. */
export interface ContradictionRule {
  name: string;
  events: readonly string[];
  /** Whether the event speaks of what was suggested. */
  concerns: (one: Case) => boolean;
  /** `done`: it is what was suggested; the suggestion is completed when its own member did it. */
  means: 'done' | 'pointless';
  because: (one: Case & { by: Doer }) => ClosingReason;
}

const subjectsOf = ({ properties }: AccountEvent) => ({
  topics: properties.topics ?? (properties.topic === undefined ? [] : [properties.topic]),
  products: properties.productIds ?? (properties.productId === undefined ? [] : [properties.productId]),
});

const sameContact = ({ suggestion, event }: Case) =>
  event.contactId === null || event.contactId === suggestion.contactId;
const namesIt = ({ suggestion, event: { properties } }: Case) =>
  properties['suggestionId'] === suggestion.suggestionId || properties.actionId === suggestion.actionId;
const namesAnother = ({ suggestion, event: { properties } }: Case) =>
  (properties['suggestionId'] !== undefined && properties['suggestionId'] !== suggestion.suggestionId) ||
  (properties.actionId !== undefined && properties.actionId !== suggestion.actionId);
const sharesProduct = ({ suggestion, event }: Case) =>
  subjectsOf(event).products.some((id) => suggestion.productIds.some((own) => own === id));
const sharesTopic = ({ suggestion, event }: Case) =>
  subjectsOf(event).topics.some((topic) => suggestion.topics.includes(topic));
const onTheChannel = ({ suggestion, event, channelKind }: Case) =>
  event.properties.channel === suggestion.channelId ||
  ((event.properties.channel === undefined || event.properties.channel === channelKind) &&
    touchEvents[event.name] === channelKind);
/** About the same, as far as both say what they are about. */
const aboutTheSame = (one: Case) => {
  const { topics, products } = subjectsOf(one.event);
  const said = topics.length + products.length > 0;
  const asked = one.suggestion.topics.length + one.suggestion.productIds.length > 0;
  return !said || !asked || sharesTopic(one) || sharesProduct(one);
};

/** `member` as the catalogues have it: left out for whoever was to do it, empty for a colleague who is not named. */
const byWhom = ({ event, by }: Case & { by: Doer }): { member?: string } =>
  by === 'a colleague' ? { member: event.memberId ?? '' } : {};

const done: ContradictionRule['because'] = (one) => ({
  code: 'done',
  args: { event: one.event.name, ...byWhom(one) },
});

/**
 * Declared, and read by the name of the event: an event of any other name costs nothing. A visit or call is what was
 * suggested when contact and channel are the same and neither is about something else; of what is sent, only what names
 * the action or its subject.
 */
export const contradictionRules: readonly ContradictionRule[] = [
  {
    name: 'talked',
    events: ['Visit Logged', 'Call Logged'],
    concerns: (one) =>
      sameContact(one) && !namesAnother(one) && (namesIt(one) || (onTheChannel(one) && aboutTheSame(one))),
    means: 'done',
    because: done,
  },
  {
    name: 'sent',
    events: ['Email Sent', 'Message Sent', 'Letter Sent'],
    concerns: (one) =>
      sameContact(one) &&
      !namesAnother(one) &&
      (namesIt(one) || (onTheChannel(one) && (sharesTopic(one) || sharesProduct(one)))),
    means: 'done',
    because: done,
  },
  {
    name: 'ordered',
    events: ['Order Completed'],
    concerns: (one) => one.suggestion.intent === 'offer' && sharesProduct(one),
    means: 'pointless',
    because: () => ({ code: 'ordered', args: {} }),
  },
  {
    name: 'complained',
    events: ['Complaint Opened'],
    concerns: ({ suggestion: { purpose } }) => purpose === 'sales' || purpose === 'marketing',
    means: 'pointless',
    because: () => ({ code: 'complained', args: {} }),
  },
  {
    name: 'answered',
    events: ['Question Answered'],
    concerns: (one) => sameContact(one) && sharesTopic(one),
    means: 'done',
    because: ({ event, by }) => ({
      code: 'answered',
      args: by === 'a colleague' && event.memberId !== null ? { member: event.memberId } : {},
    }),
  },
  {
    name: 'read',
    events: ['Content Viewed'],
    concerns: (one) =>
      one.suggestion.intent === 'content' &&
      sameContact(one) &&
      (one.event.properties.contentId === undefined || one.suggestion.contentId === null
        ? sharesTopic(one)
        : one.event.properties.contentId === one.suggestion.contentId),
    means: 'pointless',
    because: () => ({ code: 'read', args: {} }),
  },
];

const byEvent = new Map<string, ContradictionRule[]>();
for (const rule of contradictionRules)
  for (const name of rule.events) byEvent.set(name, [...(byEvent.get(name) ?? []), rule]);

function saysWhat(one: Case): boolean {
  return namesIt(one) || sharesTopic(one) || sharesProduct(one);
}

/** What happened so long before a suggestion was made still speaks against it: it was not known yet. */
const KNOWN_LATE = 24 * HOUR;

/** Whether an event can close anything at all. Imports, replays and joined visits do not. */
export function mayContradict({ name, origin }: Pick<AccountEvent, 'name' | 'origin'>): boolean {
  return origin === 'live' && byEvent.has(name);
}

export interface Contradiction {
  suggestion: Suggestion;
  event: AccountEvent;
  rule: string;
  because: ClosingReason;
  /** The state that it is closed in: by its own member it was completed. */
  state: 'completed' | 'withdrawn';
  /** It was done, by her or somebody else: the same rests. */
  done: boolean;
  by: MemberId | null;
}

/** The standing suggestions that events close, each by the first event and rule that do. */
export function contradictionsOf(
  events: readonly AccountEvent[],
  suggestions: readonly Suggestion[],
  { channels }: Pick<Catalogue, 'channels'>,
): Contradiction[] {
  const found = new Map<Suggestion, Contradiction>();
  const best = [...suggestions].sort((a, b) => b.priority - a.priority);
  for (const event of events.filter(mayContradict)) {
    let done = 0;
    for (const suggestion of best) {
      if (found.has(suggestion) || !standsAt(suggestion, event)) continue;
      const one = { suggestion, event, channelKind: channels.get(suggestion.channelId)?.kind };
      const rule = byEvent.get(event.name)?.find(({ concerns }) => concerns(one));
      if (!rule) continue;
      // what says nothing of what it was about did one thing, not all that could have been done on its way
      const counts = rule.means === 'done' && (done === 0 || saysWhat(one));
      if (counts) done += 1;
      found.set(suggestion, contradiction(one, rule, counts));
    }
  }
  return [...found.values()];
}

function standsAt({ accountId, state, createdAt }: Suggestion, event: AccountEvent): boolean {
  return (
    accountId === event.accountId &&
    standing.includes(state) &&
    event.occurredAt.getTime() >= createdAt.getTime() - KNOWN_LATE
  );
}

function contradiction(one: Case, rule: ContradictionRule, done: boolean): Contradiction {
  const { suggestion, event } = one;
  const { memberId } = suggestion.performedBy;
  const by = !done
    ? 'the customer'
    : event.memberId === null || memberId === null || event.memberId === memberId
      ? 'herself'
      : 'a colleague';
  return {
    suggestion,
    event,
    rule: rule.name,
    because: rule.because({ ...one, by }),
    state: by === 'herself' ? 'completed' : 'withdrawn',
    done,
    by: event.memberId,
  };
}
