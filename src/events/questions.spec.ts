import { describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId } from '../catalogue/index.js';
import type { AccountEvent, EventId, EventProperties } from './event.js';
import { questionsOf } from './questions.js';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute));

let made = 0;
const event = (
  name: 'Question Asked' | 'Question Answered',
  minute: number,
  properties: EventProperties,
  contactId: string | null = 'jones',
): AccountEvent => {
  made += 1;
  return {
    eventId: `e${made}` as EventId,
    source: 'test',
    messageId: `m${made}`,
    name,
    accountId: 'clinic' as AccountId,
    contactId: contactId as ContactId | null,
    anonymousId: null,
    memberId: null,
    occurredAt: at(minute),
    recordedAt: at(minute),
    properties,
    origin: 'live',
  };
};
const asked = (minute: number, properties: EventProperties, contactId?: string | null) =>
  event('Question Asked', minute, properties, contactId);
const answered = (minute: number, properties: EventProperties, contactId?: string | null) =>
  event('Question Answered', minute, properties, contactId);
const openOf = (...events: AccountEvent[]) =>
  questionsOf(events).filter(({ answer }) => answer === null).length;

describe('questions of an account', () => {
  it('are open until their topic is answered, in whatever order the events come', () => {
    const question = asked(0, { topic: 'dosage', text: 'How often?' });
    const answer = answered(5, { topics: ['dosage'], text: 'Once a day' });
    expect(openOf(question)).toBe(1);
    expect(openOf(question, answered(5, { topic: 'price' }))).toBe(1);
    for (const events of [
      [question, answer],
      [answer, question],
    ])
      expect(questionsOf(events)).toMatchObject([
        { topics: ['dosage'], text: 'How often?', answer: { at: at(5), text: 'Once a day' } },
      ]);
  });

  it('are open again when they are asked again after the answer', () => {
    const events = [
      asked(0, { topic: 'dosage' }),
      answered(5, { topic: 'dosage' }),
      asked(9, { topic: 'dosage' }),
    ];
    expect(questionsOf(events).map(({ answer }) => answer !== null)).toEqual([true, false]);
  });

  it('are answered by what is said at the same instant', () => {
    expect(openOf(answered(0, { topic: 'dosage' }), asked(0, { topic: 'dosage' }))).toBe(0);
  });

  it('are answered to the contact that asked, or to everybody', () => {
    const question = asked(0, { topic: 'dosage' });
    expect(openOf(question, answered(1, { topic: 'dosage' }, 'miller'))).toBe(1);
    expect(openOf(question, answered(1, { topic: 'dosage' }, null))).toBe(0);
  });

  it('are answered in their conversation, and by name, without a topic', () => {
    expect(openOf(asked(0, { conversationId: 'c' }), answered(1, { conversationId: 'c' }))).toBe(0);
    const [first, second] = [asked(0, { topic: 'a' }), asked(0, { topic: 'a' })];
    const named = answered(1, { questionId: second.eventId, topic: 'a' });
    expect(
      questionsOf([first, second, named])
        .filter(({ answer }) => answer)
        .map(({ eventId }) => eventId),
    ).toEqual([second.eventId]);
  });

  it('without a topic are answered by an answer without one only', () => {
    expect(openOf(asked(0, {}), answered(1, { topic: 'dosage' }))).toBe(1);
    expect(openOf(asked(0, { topic: 'dosage' }), answered(1, {}))).toBe(1);
    expect(openOf(asked(0, {}), answered(1, {}))).toBe(0);
  });
});
