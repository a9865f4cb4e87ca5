import type { ChannelKind } from '../catalogue/index.js';
import type { Candidate, Contribution, Reason } from '../recommender/index.js';
import { splitCross } from '../recommender/index.js';

/** What made a score, on its way to a reason: which feature, read at which key, and how much it weighed. */
export interface Ground {
  feature: string;
  /** What the feature was read at: one of the candidate's topics, its product, …; undefined for one without key. */
  key: { kind: string; value: string } | null;
  weight: number;
}

/** A feature as far as its wording depends on it. */
export interface WordedFeature {
  kind: string;
  by?: string;
  events: readonly string[] | '*';
  /** The sentence that an insight's number asks for; a number without is no reason. */
  reason?: string;
}

export const reasonCodes = [
  'topic-interest',
  'product-interest',
  'product-bought',
  'question-asked',
  'action-history',
  'channel-response',
  'touch-history',
  'activity',
  'doubles-bought',
  'due-again',
  'bought-together',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** Reasons shown for one suggestion. */
export const REASONS_SHOWN = 3;

/**
 * What spoke for a candidate and can be shown with events, the heaviest first. Attributes of the account have no event
 * behind them and are left out, and so is what spoke against.
 */
export function groundsOf(
  contributions: readonly Contribution[],
  candidate: Pick<Candidate, 'actionId' | 'productId' | 'channelId' | 'treatmentId'> & {
    topics: readonly string[];
  },
): Ground[] {
  return contributions
    .filter(({ weight }) => weight > 0)
    .flatMap(({ input, weight }): Ground[] => {
      if (input.startsWith('feature:'))
        return [{ feature: input.slice('feature:'.length), key: null, weight }];
      if (!input.includes('@')) return [];
      const { name, key } = splitCross(input);
      return keysOf(candidate, key).map((value) => ({ feature: name, key: { kind: key, value }, weight }));
    })
    .sort((a, b) => b.weight - a.weight);
}

function keysOf(
  candidate: Pick<Candidate, 'actionId' | 'productId' | 'channelId' | 'treatmentId'> & {
    topics: readonly string[];
  },
  key: string,
): readonly string[] {
  switch (key) {
    case 'topic':
      return candidate.topics;
    case 'product':
      return candidate.productId === null ? [] : [candidate.productId];
    case 'channel':
      return [candidate.channelId];
    case 'treatment':
      return candidate.treatmentId === null ? [] : [candidate.treatmentId];
    default:
      return [candidate.actionId];
  }
}

const TOUCHES: readonly string[] = [
  'Email Sent',
  'Message Sent',
  'Letter Sent',
  'Call Logged',
  'Visit Logged',
];

/** Which sentence tells a feature. */
export function reasonCode({ by, events, reason }: WordedFeature): ReasonCode {
  const named = reasonCodes.find((code) => code === reason);
  if (named) return named;
  const reads = (name: string) => events !== '*' && events.includes(name);
  if (events !== '*' && events.length > 0 && events.every((name) => TOUCHES.includes(name)))
    return 'touch-history';
  if (events !== '*' && events.length === 1 && reads('Question Asked')) return 'question-asked';
  if (by === 'product' && reads('Order Completed')) return 'product-bought';
  if (by === 'product') return 'product-interest';
  if (by === 'topic') return 'topic-interest';
  if (by === 'channel') return 'channel-response';
  if (by === 'action' || by === 'treatment') return 'action-history';
  return 'activity';
}

export interface Evidence {
  eventId: string;
  name: string;
  at: Date;
  /** Whose event it is; absent or null: nobody's in particular. */
  contactId?: string | null;
}

/** Events named under one reason. */
const EVIDENCE_SHOWN = 5;

/** What a sentence tells, the most telling first: an event that two could tell is told by the first of them. */
const mostTelling: readonly ReasonCode[] = [
  'question-asked',
  'due-again',
  'bought-together',
  'product-bought',
  'topic-interest',
  'product-interest',
  'action-history',
  'channel-response',
  'touch-history',
  'activity',
];

interface Told {
  code: ReasonCode;
  subject: string;
  weight: number;
  evidence: readonly Evidence[];
  details: Reason['args'] | undefined;
}

/**
 * The reasons that are shown, the heaviest first: of grounds with evidence, each sentence once for its subject, and each
 * event under one reason only. `evidenceOf` finds the events behind a ground in the log, newest first; a ground whose
 * events are all told by another reason is none. `detailsOf` says what a ground adds to its sentence.
 */
export function reasonsFrom(
  grounds: readonly Ground[],
  featureOf: (name: string) => WordedFeature | undefined,
  evidenceOf: (ground: Ground) => readonly Evidence[],
  nameOf: (key: { kind: string; value: string }) => string,
  detailsOf: (ground: Ground) => Reason['args'] | undefined = () => undefined,
): Reason[] {
  const sentences = new Map<string, Told>();
  for (const ground of grounds) {
    const feature = featureOf(ground.feature);
    if (!feature || (feature.kind === 'published' && !feature.reason)) continue;
    const code = reasonCode(feature);
    const subject = ground.key ? nameOf(ground.key) : '';
    const sentence = `${code}\u0000${subject}`;
    const known = sentences.get(sentence);
    // of two features that tell the same, the heavier one is in front and the longer memory has more to show
    if (known && known.evidence.length > 0) continue;
    const details = detailsOf(ground);
    sentences.set(sentence, { code, subject, weight: ground.weight, evidence: evidenceOf(ground), details });
  }
  const used = new Set<string>();
  return [...sentences.values()]
    .sort((a, b) => mostTelling.indexOf(a.code) - mostTelling.indexOf(b.code) || b.weight - a.weight)
    .flatMap((told) => {
      const evidence = told.evidence.filter(({ eventId }) => !used.has(eventId));
      for (const { eventId } of evidence) used.add(eventId);
      return evidence.length > 0 ? [reasonOf({ ...told, evidence })] : [];
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, REASONS_SHOWN);
}

function reasonOf({ code, subject, weight, evidence, details }: Told): Reason {
  const latest = evidence[0];
  const oldest = evidence.at(-1);
  if (!latest || !oldest) throw new Error('A reason has evidence');
  const contacts = [...new Set(evidence.map(({ contactId }) => contactId ?? ''))];
  return {
    code,
    args: {
      subject,
      count: evidence.length,
      event: latest.name,
      events: countsOf(evidence),
      contact: contacts.length === 1 ? (contacts[0] ?? '') : '',
      since: oldest.at.toISOString(),
      last: latest.at.toISOString(),
      ...details,
    },
    evidence: evidence.slice(0, EVIDENCE_SHOWN).map(({ eventId, name, at }) => ({ eventId, name, at })),
    weight,
  };
}

/** How many events of each name, as `{"Page Viewed":3}`. */
function countsOf(evidence: readonly Evidence[]): string {
  const counts: Record<string, number> = {};
  for (const { name } of evidence) counts[name] = (counts[name] ?? 0) + 1;
  return JSON.stringify(counts);
}

/** What accounts like this one say for a product. */
export interface DoublesBought {
  product: string;
  /** Of how many doubles so many bought it. */
  of: number;
  bought: number;
  /** After an approach on a channel of this kind; null: however it came about. */
  channelKind: ChannelKind | null;
  /** Weight of evidence, in nats like the others. */
  weight: number;
  /** Some of the purchases, the newest first. */
  events: readonly { eventId: string; name: string; at: Date }[];
}

export function doublesReason({ product, of, bought, channelKind, weight, events }: DoublesBought): Reason {
  const latest = events[0];
  if (!latest) throw new Error('A reason has evidence');
  return {
    code: 'doubles-bought',
    args: {
      subject: product,
      count: bought,
      of,
      after: channelKind ?? '',
      event: latest.name,
      last: latest.at.toISOString(),
    },
    evidence: [...events],
    weight,
  };
}
