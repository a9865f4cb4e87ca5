import { describe, expect, it } from '@jest/globals';
import type { AccountId, MemberId } from '../../catalogue/index.js';
import { DAY } from '../../shared/index.js';
import type { Message } from '../message.js';
import { noteOf, payloadOf, topicOf } from './push-note.js';
import { vapidSubject } from './vapid-subject.js';

const at = new Date('2026-03-02T09:00:00Z');
const later = (hours: number): Date => new Date(at.getTime() + (hours * DAY) / 24);
const message = (data: object, more: Partial<Message> = {}): Message => ({
  messageId: 'msg_1',
  type: 'alert.raised',
  occurredAt: at,
  accountId: 'a' as AccountId,
  memberIds: ['mia' as MemberId],
  data: { alertId: 'alert-1', title: 'Ana: page view', heldUntil: null, joinedTo: null, ...data },
  notAfter: later(24),
  ...more,
});

describe('what rings', () => {
  it('is an alert for somebody, in one line, as long as it is valid', () => {
    expect(noteOf(message({ message: ' Ana read it twice ' }))).toMatchObject({
      kind: 'alert',
      subjectId: 'alert-1',
      title: 'Ana read it twice',
      urgent: true,
      notBefore: at,
      notAfter: later(24),
    });
    expect(noteOf(message({}))?.title).toBe('Ana: page view');
    expect(noteOf(message({ message: '', title: 7 }))?.title).toBeNull();
  });

  it('is cut where it is long, between whole characters', () => {
    const title = noteOf(message({ message: '👩‍⚕️'.repeat(80) }))?.title ?? '';
    expect([...title]).toHaveLength(120);
    expect(title.endsWith('…')).toBe(true);
    expect(title).not.toMatch(/\p{Surrogate}/u);
  });

  it('waits for the morning, unless it is over by then', () => {
    expect(noteOf(message({ heldUntil: later(8).toISOString() }))?.notBefore).toEqual(later(8));
    expect(noteOf(message({ heldUntil: later(24).toISOString() }))).toBeNull();
  });

  it('is nothing that is joined to another, for nobody, or of another kind', () => {
    expect(noteOf(message({ joinedTo: 'alert-0' }))).toBeNull();
    expect(noteOf(message({}, { memberIds: [] }))).toBeNull();
    expect(noteOf(message({ alertId: 7 }))).toBeNull();
    expect(noteOf(message({}, { type: 'suggestion.created' }))).toBeNull();
    expect(noteOf(message({ validUntil: 'never' }, { notAfter: null }))).toBeNull();
  });

  it('is a task, for a day', () => {
    const task = noteOf(
      message({ taskId: 'task-1', about: 'Call' }, { type: 'task.created', notAfter: null }),
    );
    expect(task).toMatchObject({ kind: 'task', title: 'Call', urgent: false, notAfter: later(24) });
  });
});

it('a browser is told no more than its owner allowed', () => {
  const note = { kind: 'alert', subjectId: 'alert-1', title: 'Ana' } as const;
  expect(payloadOf(note, { detailed: true, language: 'en' })).toEqual({
    kind: 'alert',
    id: 'alert-1',
    language: 'en',
    title: 'Ana',
  });
  expect(payloadOf(note, { detailed: false, language: 'fa' })).not.toHaveProperty('title');
});

it('a topic tells nothing of its subject, and is the same again', () => {
  expect(topicOf('alert-1')).toMatch(/^[\w-]{32}$/);
  expect(topicOf('alert-1')).toBe(topicOf('alert-1'));
  expect(topicOf('alert-1')).not.toBe(topicOf('alert-2'));
});

it('push services can reach whoever sends', () => {
  expect(vapidSubject({ publicUrl: 'https://nba.example', mailFrom: 'x@y.example' })).toBe(
    'https://nba.example',
  );
  expect(vapidSubject({ publicUrl: 'http://nba.lan', mailFrom: 'NBA <x@y.example>' })).toBe(
    'mailto:x@y.example',
  );
  expect(vapidSubject({ publicUrl: null, mailFrom: 'x@y.example' })).toBe('mailto:x@y.example');
});
