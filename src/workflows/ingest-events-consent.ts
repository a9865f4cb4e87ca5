import {
  type AccountId,
  type Catalogue,
  type ChannelId,
  type ContactId,
  type Purpose,
  purposes as allPurposes,
} from '../catalogue/index.js';
import { type ConsentFact, type ConsentId, factOf, privacySignal } from '../consent/index.js';
import { type AccountEvent, eventNames } from '../events/index.js';
import type { Json } from '../shared/index.js';

/**
 * What an `Unsubscribed` says: withdrawn by the contact for every channel of kind email (and the one it names, of
 * whatever kind), for marketing unless it names other purposes, from the earlier of its time and its receipt. Where no
 * e-mail channel is known yet it holds for every channel: one that is added later must not escape it.
 */
export function withdrawalsOf(event: AccountEvent, catalogue: Catalogue, recordedBy: string): ConsentFact[] {
  if (event.name !== eventNames.unsubscribed || event.contactId === null) return [];
  const { contactId, occurredAt, recordedAt } = event;
  const effectiveAt = occurredAt < recordedAt ? occurredAt : recordedAt;
  return channelsOf(event, catalogue).flatMap((channelId) =>
    purposesOf(event).map((purpose) => ({
      consentId: `${event.eventId}:${channelId}:${purpose}` as ConsentId,
      accountId: event.accountId,
      contactId,
      channelId,
      purpose,
      status: 'withdrawn',
      source: 'contact',
      productId: null,
      topic: null,
      effectiveAt,
      expiresAt: null,
      recordedAt,
      recordedBy,
      wording: null,
      proof: `event ${event.eventId}`,
    })),
  );
}

function channelsOf({ properties }: AccountEvent, catalogue: Catalogue): (ChannelId | '*')[] {
  const mail = [...catalogue.channels.values()]
    .filter(({ kind }) => kind === 'email')
    .map(({ channelId }) => channelId);
  if (mail.length === 0) return ['*'];
  const named = catalogue.channels.get(properties.channel as ChannelId)?.channelId;
  return [...new Set(named === undefined ? mail : [...mail, named])].sort();
}

function purposesOf({ properties }: AccountEvent): (Purpose | '*')[] {
  const given: (Json | undefined)[] = [
    properties.purpose,
    ...(Array.isArray(properties['purposes']) ? properties['purposes'] : []),
  ];
  if (given.includes('*')) return ['*'];
  const named = allPurposes.filter((purpose) => given.includes(purpose));
  return named.length === 0 ? ['marketing'] : named;
}

type Signalling = AccountEvent & { contactId: ContactId };

/** Events whose browser asks for Global Privacy Control; history that is imported says nothing of a browser. */
export function withPrivacySignal(events: readonly AccountEvent[]): Signalling[] {
  return events.filter(
    (event): event is Signalling =>
      event.contactId !== null && event.origin !== 'import' && event.properties.globalPrivacyControl === true,
  );
}

/** What those signals say that was not said before, once for each contact, by her first event. */
export function factsOfSignals(
  events: readonly Signalling[],
  { channels }: Pick<Catalogue, 'channels'>,
  known: ReadonlyMap<AccountId, readonly ConsentFact[]>,
  recordedBy: string,
): ConsentFact[] {
  const first = new Map(events.toReversed().map((event) => [event.contactId, event]));
  return [...first.values()].flatMap((event) => {
    const { accountId, contactId, eventId, occurredAt, recordedAt } = event;
    const said = privacySignal(contactId, channels, known.get(accountId) ?? [], `event ${eventId}`);
    return said.flatMap((statement) => {
      const fact = factOf(
        { ...statement, effectiveAt: occurredAt < recordedAt ? occurredAt : recordedAt },
        {
          consentId: `${eventId}:gpc:${statement.channelId}` as ConsentId,
          accountId,
          contactId,
          recordedAt,
          recordedBy,
        },
      );
      return fact.ok ? [fact.value] : [];
    });
  });
}
