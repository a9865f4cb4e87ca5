import type { ConsentFact } from '../../consent/index.js';
import { type HiddenTopics, isHidden } from '../../contact-policy/index.js';
import {
  type AccountEvent,
  type GivenQuote,
  type Question,
  topicsOfEvent,
  type Touch,
  wordsOf,
} from '../../events/index.js';
import type { Task } from './task.js';

/** An account's history in short, for whoever takes a task over. Lists are newest first. */
export interface AccountBrief {
  lastTouches: {
    at: Date;
    channelId: string;
    contactId: string | null;
    memberId: string | null;
    role: string | null;
    topics: string[];
    note: string | null;
    sentiment: number | null;
  }[];
  openQuestions: {
    eventId: string;
    contactId: string | null;
    topics: string[];
    text: string | null;
    askedAt: Date;
  }[];
  answers: {
    contactId: string | null;
    topics: string[];
    question: string | null;
    answer: string | null;
    answeredAt: Date;
    memberId: string | null;
  }[];
  forms: { eventId: string; contactId: string | null; title: string; topics: string[]; at: Date }[];
  quotes: {
    productId: string;
    contactId: string | null;
    price: number | null;
    discount: number | null;
    quotedAt: Date;
    validUntil: Date | null;
  }[];
  /** The latest statement for each contact, channel, purpose, product and topic. */
  consents: {
    contactId: string;
    channelId: string;
    purpose: string;
    status: string;
    productId: string | null;
    topic: string | null;
    effectiveAt: Date;
    expiresAt: Date | null;
  }[];
  openTasks: Pick<Task, 'taskId' | 'kind' | 'about' | 'role' | 'memberId' | 'dueAt'>[];
}

export interface BriefSources {
  touches: readonly Touch[];
  /** Events behind the touches and the forms. */
  events: readonly AccountEvent[];
  questions: readonly Question[];
  quotes: readonly GivenQuote[];
  consents: readonly ConsentFact[];
  tasks: readonly Task[];
  /** What the reader may not see. */
  hidden: HiddenTopics;
}

/** Entries of each list. */
const SHOWN = 5;
const CONSENTS_SHOWN = 20;

/**
 * Touches on hidden topics are told without what was said; questions, forms and tasks about them are left out, and so
 * are consents that are about them only.
 */
export function briefOf(sources: BriefSources): AccountBrief {
  const shown = (topics: readonly string[]) => !isHidden(sources.hidden, topics, true);
  const questions = sources.questions.filter(({ topics }) => shown(topics));
  return {
    lastTouches: lastTouches(sources, shown),
    openQuestions: newest(
      questions.filter(({ answer }) => answer === null),
      ({ askedAt }) => askedAt,
    ).map(({ eventId, contactId, topics, text, askedAt }) => ({ eventId, contactId, topics, text, askedAt })),
    answers: newest(questions.flatMap(answered), ({ answeredAt }) => answeredAt),
    forms: newest(
      sources.events.flatMap((event) => formOf(event)).filter(({ topics }) => shown(topics)),
      ({ at }) => at,
    ),
    quotes: newest(sources.quotes, ({ quotedAt }) => quotedAt).map(
      ({ productId, contactId, price, discount, quotedAt, validUntil }) => ({
        productId,
        contactId,
        price,
        discount,
        quotedAt,
        validUntil,
      }),
    ),
    consents: latestConsents(sources.consents, shown),
    openTasks: sources.tasks
      .filter(({ topics }) => shown(topics))
      .slice(0, SHOWN)
      .map(({ taskId, kind, about, role, memberId, dueAt }) => ({
        taskId,
        kind,
        about,
        role,
        memberId,
        dueAt,
      })),
  };
}

function newest<Item>(items: readonly Item[], at: (item: Item) => Date): Item[] {
  return [...items].sort((a, b) => at(b).getTime() - at(a).getTime()).slice(0, SHOWN);
}

function lastTouches(
  { touches, events, hidden }: BriefSources,
  shown: (topics: readonly string[]) => boolean,
): AccountBrief['lastTouches'] {
  const told = new Map<string, AccountEvent>(
    events.map((event) => [event.properties.touchId ?? event.eventId, event]),
  );
  const begun = touches.filter(({ state }) => state === 'sent' || state === 'sending');
  return newest(begun, ({ at }) => at).map((touch) => {
    const event = told.get(touch.touchId);
    return {
      at: touch.at,
      channelId: touch.channelId,
      contactId: touch.contactId,
      memberId: touch.memberId,
      role: touch.role,
      topics: touch.topics.filter((topic) => !hidden.topics.includes(topic)),
      note: event && shown(touch.topics) ? wordsOf(event) : null,
      sentiment: event?.properties.sentiment ?? null,
    };
  });
}

function answered({ contactId, topics, text, answer }: Question): AccountBrief['answers'] {
  if (!answer) return [];
  return [
    {
      contactId,
      topics,
      question: text,
      answer: answer.text,
      answeredAt: answer.at,
      memberId: answer.memberId,
    },
  ];
}

function formOf(event: AccountEvent): AccountBrief['forms'] {
  if (event.name !== 'Form Submitted') return [];
  const { eventId, contactId, occurredAt: at, properties } = event;
  const title = properties['title'] ?? properties['form'] ?? properties['formId'];
  return [
    {
      eventId,
      contactId,
      title: typeof title === 'string' ? title : event.name,
      topics: topicsOfEvent(event),
      at,
    },
  ];
}

function latestConsents(
  facts: readonly ConsentFact[],
  shown: (topics: readonly string[]) => boolean,
): AccountBrief['consents'] {
  const latest = new Map<string, ConsentFact>();
  for (const fact of [...facts].sort((a, b) => a.effectiveAt.getTime() - b.effectiveAt.getTime())) {
    if (fact.topic !== null && !shown([fact.topic])) continue;
    const { contactId, channelId, purpose, productId, topic } = fact;
    latest.set(JSON.stringify([contactId, channelId, purpose, productId, topic]), fact);
  }
  return [...latest.values()]
    .sort((a, b) => b.effectiveAt.getTime() - a.effectiveAt.getTime())
    .slice(0, CONSENTS_SHOWN)
    .map(({ contactId, channelId, purpose, status, productId, topic, effectiveAt, expiresAt }) => ({
      contactId,
      channelId,
      purpose,
      status,
      productId,
      topic,
      effectiveAt,
      expiresAt,
    }));
}
