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
export function reasonCode({ by, events }: WordedFeature): ReasonCode {
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
}

/** Events named under one reason. */
const EVIDENCE_SHOWN = 5;

/**
 * The reasons that are shown: of grounds with evidence, the heaviest first, each sentence once for its subject.
 * `evidenceOf` finds the events behind a ground in the log, newest first; a ground without any is no reason.
 */
export function reasonsFrom(
  grounds: readonly Ground[],
  featureOf: (name: string) => WordedFeature | undefined,
  evidenceOf: (ground: Ground) => readonly Evidence[],
  nameOf: (key: { kind: string; value: string }) => string,
): Reason[] {
  const told = new Map<string, Reason>();
  for (const ground of grounds) {
    if (told.size >= REASONS_SHOWN) break;
    const feature = featureOf(ground.feature);
    if (!feature) continue;
    const code = reasonCode(feature);
    const subject = ground.key ? nameOf(ground.key) : '';
    const sentence = `${code}\u0000${subject}`;
    if (told.has(sentence)) continue;
    const evidence = evidenceOf(ground);
    const [latest] = evidence;
    const oldest = evidence.at(-1);
    if (!latest || !oldest) continue;
    told.set(sentence, {
      code,
      args: {
        subject,
        count: evidence.length,
        event: latest.name,
        since: oldest.at.toISOString(),
        last: latest.at.toISOString(),
      },
      evidence: evidence.slice(0, EVIDENCE_SHOWN).map(({ eventId, name, at }) => ({ eventId, name, at })),
      weight: ground.weight,
    });
  }
  return [...told.values()];
}
