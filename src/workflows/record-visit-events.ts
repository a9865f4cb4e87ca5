import type { ChannelId, ChannelKind, ContactId, MemberId, Role } from '../catalogue/index.js';
import type { ConsentStatement } from '../consent/index.js';
import {
  type EventId,
  eventKey,
  eventNames,
  type EventProperties,
  type IncomingItem,
} from '../events/index.js';
import { QUESTION_ANSWERED, QUESTION_ASKED } from '../events/index.js';
import type { SuggestionId } from '../recommender/index.js';
import { type DueAt, PROMISE_MADE } from '../suggestions/index.js';

/** What a member tells of a visit or a call. */
export interface Visit {
  contactId: ContactId;
  memberId: MemberId;
  at: Date;
  channelId: ChannelId;
  note: string | null;
  topics: string[];
  /** −1 to 1. */
  sentiment: number | null;
  conversationId: string | null;
  /** What the member is to do next, in words. */
  nextStep: string | null;
  preferences: { channelId: ChannelId | null; topic: string | null; likes: boolean }[];
  consents: ConsentStatement[];
  /** What the contact wants of somebody else; `topics` left out: those of the visit that the words name, else all. */
  requests: { role: Role; about: string; topics: string[] | null; dueAt: DueAt | null }[];
  promises: { what: string; dueAt: DueAt }[];
  /** What the contact asked; with what was answered, where it was. */
  questions: { topic: string; text: string | null; answer: string | null }[];
  suggestionId: SuggestionId | null;
}

/** Ids under which a visit is told: of the sender, and for each of its events. */
export interface VisitKey {
  source: string;
  visitRef: string;
}

/** Channels on which a member meets a contact, and as what the log tells it. */
const meetings: Partial<Record<ChannelKind, string>> = {
  visit: eventNames.visitLogged,
  event: eventNames.visitLogged,
  branch: eventNames.visitLogged,
  call: eventNames.callLogged,
};

/** Name of the event that a meeting on such a channel is; undefined when nobody meets on it. */
export function meetingEvent(kind: ChannelKind): string | undefined {
  return meetings[kind];
}

export const meetingKinds = Object.keys(meetings);

const messageId = ({ visitRef }: VisitKey, part: string) => `visit:${visitRef}${part}`;

/** Id of the event that the visit itself is. */
export function visitEventId(key: VisitKey): EventId {
  return eventKey(key.source, messageId(key, ''));
}

/** Topics that a request is about. */
export function topicsOfRequest(
  { about, topics }: Visit['requests'][number],
  visit: Pick<Visit, 'topics'>,
): string[] {
  if (topics !== null) return topics;
  const words = about.toLowerCase();
  const named = visit.topics.filter(
    (topic) =>
      words.includes(topic.toLowerCase().replaceAll('-', ' ')) || words.includes(topic.toLowerCase()),
  );
  return named.length > 0 ? named : visit.topics;
}

/** Whether something is left to do, so that others stay silent until it is done. */
export function hasNextStep({ nextStep, requests, promises }: Visit): boolean {
  return nextStep !== null || requests.length + promises.length > 0;
}

/** The thread that is open while something is left to do. */
export function followUpOf(visit: Visit, key: VisitKey): string | null {
  return visit.conversationId ?? (hasNextStep(visit) ? `visit:${visitEventId(key)}` : null);
}

/** Everything that the log is told: the meeting, what was liked, asked, answered and promised. */
export function visitEvents(visit: Visit, key: VisitKey, meeting: string): IncomingItem[] {
  const conversationId = followUpOf(visit, key);
  const channel = visit.channelId as string;
  const item = (part: string, name: string, properties: EventProperties): IncomingItem => ({
    kind: 'event',
    source: key.source,
    messageId: messageId(key, part),
    name,
    occurredAt: visit.at,
    contactId: visit.contactId,
    memberId: visit.memberId,
    properties: conversationId === null ? properties : { ...properties, conversationId },
  });
  return [
    item('', meeting, meetingProperties(visit)),
    ...visit.preferences.map(({ channelId, topic, likes }, place) =>
      item(`:preference:${place}`, 'Preference Stated', {
        likes,
        ...(channelId === null ? {} : { channel: channelId as string }),
        ...(topic === null ? {} : { topic }),
      }),
    ),
    ...visit.requests.flatMap((request, place) => {
      const topics = topicsOfRequest(request, visit);
      return topics.length === 0
        ? []
        : item(`:request:${place}`, QUESTION_ASKED, { channel, topics, text: request.about });
    }),
    ...visit.questions.flatMap(({ topic, text, answer }, place) => [
      item(`:question:${place}`, QUESTION_ASKED, { channel, topic, ...(text === null ? {} : { text }) }),
      ...(answer === null
        ? []
        : [item(`:answer:${place}`, QUESTION_ANSWERED, { channel, topic, text: answer })]),
    ]),
    ...visit.promises.map(({ what, dueAt }, place) =>
      item(`:promise:${place}`, PROMISE_MADE, {
        channel,
        what,
        topics: visit.topics,
        dueAt: dueAt instanceof Date ? dueAt.toISOString() : dueAt,
      }),
    ),
  ];
}

function meetingProperties(visit: Visit): EventProperties {
  const { channelId, topics, note, sentiment, suggestionId, nextStep } = visit;
  return {
    channel: channelId,
    topics,
    ...(note === null ? {} : { note }),
    ...(sentiment === null ? {} : { sentiment }),
    ...(suggestionId === null ? {} : { suggestionId }),
    ...(hasNextStep(visit) ? { nextStep: nextStep ?? true } : {}),
  };
}
