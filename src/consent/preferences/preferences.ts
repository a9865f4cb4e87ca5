import type { Catalogue, Channel, ChannelId, Purpose } from '../../catalogue/index.js';
import { purposes } from '../../catalogue/index.js';
import { type CompiledConsent, compileConsent } from '../compiled-consent.js';
import type { ConsentFact } from '../consent.js';
import { inForce } from '../covers.js';
import type { ConsentStatement } from '../statement.js';

/** Messages for one purpose on one channel. */
export interface Choice {
  channelId: ChannelId;
  purpose: Purpose;
}

/** What the contact gets and does not get, as she sees it. */
export interface Preferences {
  /** By purpose in the order of `purposes`, then by channel id. */
  choices: (Choice & { allowed: boolean; pending: boolean })[];
  /** By name. */
  topics: { topic: string; wanted: boolean }[];
  /** Her own cap: messages within 7 days; null: none. */
  messagesPerWeek: number | null;
}

/** What she changed on the page, compared with what it showed her. What she left as it was is not in it. */
export interface PreferencesChange {
  choices: readonly (Choice & { allowed: boolean })[];
  topics: readonly { topic: string; wanted: boolean }[];
  /** Absent: left as it was. */
  messagesPerWeek?: number | null;
  stopEverything: boolean;
}

/** In what words she said it, and where. */
export interface Evidence {
  proof: string;
  wordingOf: (choice: Choice, allowed: boolean) => string;
}

const MOST_TOPICS = 40;

/** What there is to choose from: everything that could be sent by the catalogue, and what she once spoke about. */
export function preferencesOf(
  catalogue: Pick<Catalogue, 'actions' | 'channels' | 'content' | 'products'>,
  facts: readonly ConsentFact[],
  messagesPerWeek: number | null,
  at: Date,
): Preferences {
  const consent = compileConsent(facts);
  return {
    choices: choicesIn(catalogue, facts).map(({ channel, purpose }) => ({
      channelId: channel.channelId,
      purpose,
      allowed: allows(consent, channel, purpose, at),
      pending: facts.some(
        (fact) =>
          fact.status === 'pending' &&
          inForce(fact, at.getTime()) &&
          fact.channelId === channel.channelId &&
          fact.purpose === purpose,
      ),
    })),
    topics: topicsIn(catalogue).map((topic) => ({ topic, wanted: wants(facts, topic, at) })),
    messagesPerWeek,
  };
}

/**
 * What her changes say. What stands already is not said again. A topic that she does not want is withdrawn on every
 * channel; one that she wants again is allowed only where messages are allowed anyway, so that it opens nothing else.
 */
export function statementsOf(
  change: PreferencesChange,
  channels: ReadonlyMap<ChannelId, Channel>,
  { facts, shown, at }: { facts: readonly ConsentFact[]; shown: readonly Choice[]; at: Date },
  evidence: Evidence,
): ConsentStatement[] {
  const { proof, wordingOf } = evidence;
  if (change.stopEverything)
    return [{ channelId: '*', purpose: '*', status: 'withdrawn', source: 'link', proof }];
  const consent = compileConsent(facts);
  const isAllowed = ({ channelId, purpose }: Choice): boolean => {
    const channel = channels.get(channelId);
    return channel !== undefined && allows(consent, channel, purpose, at);
  };
  const changed = change.choices.filter((choice) => isAllowed(choice) !== choice.allowed);
  const allowed = shown.filter((choice) => {
    const said = change.choices.find((one) => isSame(one, choice));
    return said ? said.allowed : isAllowed(choice);
  });
  return [
    ...changed.map((choice): ConsentStatement => ({
      channelId: choice.channelId,
      purpose: choice.purpose,
      status: choice.allowed ? 'granted' : 'withdrawn',
      source: 'link',
      wording: wordingOf(choice, choice.allowed),
      proof,
    })),
    ...change.topics.flatMap(({ topic, wanted }): ConsentStatement[] => {
      if (wants(facts, topic, at) === wanted) return [];
      if (!wanted)
        return [{ channelId: '*', purpose: '*', status: 'withdrawn', source: 'link', topic, proof }];
      return allowed.map(({ channelId, purpose }) => ({
        channelId,
        purpose,
        status: 'granted',
        source: 'link',
        topic,
        proof,
      }));
    }),
  ];
}

export function isSame(one: Choice, other: Choice): boolean {
  return one.channelId === other.channelId && one.purpose === other.purpose;
}

function choicesIn(
  { actions, channels }: Pick<Catalogue, 'actions' | 'channels'>,
  facts: readonly ConsentFact[],
): { channel: Channel; purpose: Purpose }[] {
  const possible = [...actions.values()].flatMap(({ channelIds, purpose }) =>
    channelIds.map((channelId) => ({ channelId, purpose })),
  );
  const spoken = facts.flatMap(({ channelId, purpose }) =>
    channelId === '*' || purpose === '*' ? [] : [{ channelId, purpose }],
  );
  const all = [...possible, ...spoken];
  const sorted = [...channels.values()].sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
  return purposes.flatMap((purpose) =>
    sorted
      .filter(({ channelId }) => all.some((one) => isSame(one, { channelId, purpose })))
      .map((channel) => ({ channel, purpose })),
  );
}

function topicsIn({
  actions,
  content,
  products,
}: Pick<Catalogue, 'actions' | 'content' | 'products'>): string[] {
  const named = [...actions.values(), ...content.values(), ...products.values()].flatMap(
    ({ topics }) => topics,
  );
  return [...new Set(named)].sort().slice(0, MOST_TOPICS);
}

/** Of messages that are about no product or topic in particular. */
function allows(consent: CompiledConsent, channel: Channel, purpose: Purpose, at: Date): boolean {
  const { channelId, consent: channelConsent } = channel;
  return consent.answer({ channelId, channelConsent, purpose, productIds: [], topics: [] }, at).allowed;
}

/** Unless the last that she said about the topic is a "no". */
function wants(facts: readonly ConsentFact[], topic: string, at: Date): boolean {
  const last = facts
    .filter((fact) => fact.topic === topic && fact.productId === null && inForce(fact, at.getTime()))
    .reduce<ConsentFact | null>(
      (latest, fact) => (latest !== null && latest.effectiveAt > fact.effectiveAt ? latest : fact),
      null,
    );
  return last?.status !== 'withdrawn';
}
