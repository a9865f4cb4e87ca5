import type { ContactId, MemberId } from '../catalogue/index.js';
import type { AccountEvent, EventId } from './event.js';

export const QUESTION_ASKED = 'Question Asked';
export const QUESTION_ANSWERED = 'Question Answered';

/** A question of the customer's, with its answer where one was given. */
export interface Question {
  eventId: EventId;
  contactId: ContactId | null;
  topics: string[];
  /** In the customer's words, where they were kept. */
  text: string | null;
  askedAt: Date;
  answer: {
    eventId: EventId;
    at: Date;
    memberId: MemberId | null;
    channel: string | null;
    text: string | null;
  } | null;
}

/**
 * Questions of one account with their answers, oldest first. An answer closes the questions asked before it (or at the
 * same instant) that it names by `questionId`, by conversation or by topic; one that names nothing of these closes those
 * that name no topic either. It is an answer to the contact that it names, or to everybody where it names none.
 */
export function questionsOf(events: readonly AccountEvent[]): Question[] {
  const inOrder = [...events].sort(byTimeAskedFirst);
  const open: { question: Question; asked: AccountEvent }[] = [];
  const questions: Question[] = [];
  for (const event of inOrder) {
    if (event.name === QUESTION_ASKED) {
      const question = asked(event);
      questions.push(question);
      open.push({ question, asked: event });
    } else if (event.name === QUESTION_ANSWERED) {
      for (const one of open)
        if (!one.question.answer && answers(event, one.asked)) one.question.answer = answerOf(event);
    }
  }
  return questions;
}

function byTimeAskedFirst(a: AccountEvent, b: AccountEvent): number {
  const later = a.occurredAt.getTime() - b.occurredAt.getTime();
  if (later !== 0) return later;
  const rank = ({ name }: AccountEvent) => (name === QUESTION_ASKED ? 0 : 1);
  return rank(a) - rank(b) || (a.eventId < b.eventId ? -1 : 1);
}

function asked(event: AccountEvent): Question {
  return {
    eventId: event.eventId,
    contactId: event.contactId,
    topics: topicsOfEvent(event),
    text: wordsOf(event),
    askedAt: event.occurredAt,
    answer: null,
  };
}

function answerOf(event: AccountEvent): Question['answer'] {
  const { eventId, occurredAt: at, memberId } = event;
  return { eventId, at, memberId, channel: event.properties.channel ?? null, text: wordsOf(event) };
}

function answers(answer: AccountEvent, question: AccountEvent): boolean {
  const { questionId, conversationId } = answer.properties;
  if (typeof questionId === 'string')
    return questionId === question.eventId || questionId === question.messageId;
  if (answer.contactId !== null && question.contactId !== null && answer.contactId !== question.contactId)
    return false;
  if (conversationId !== undefined && conversationId === question.properties.conversationId) return true;
  const topics = topicsOfEvent(question);
  const answered = topicsOfEvent(answer);
  if (answered.length === 0) return topics.length === 0;
  return topics.some((topic) => answered.includes(topic));
}

/** What an event is about. */
export function topicsOfEvent({ properties }: Pick<AccountEvent, 'properties'>): string[] {
  return properties.topics ?? (properties.topic === undefined ? [] : [properties.topic]);
}

/** What was said, as far as the event keeps it. */
export function wordsOf({ properties }: Pick<AccountEvent, 'properties'>): string | null {
  const said = properties['text'] ?? properties['note'] ?? properties['what'];
  return typeof said === 'string' && said !== '' ? said : null;
}
