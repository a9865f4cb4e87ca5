import { describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId, MemberId, Role } from '../../catalogue/index.js';
import { type AccountEvent, type EventId, eventKey, type EventProperties } from '../../events/index.js';
import { assigneeFor, type Colleague } from './assign.js';
import { dueInZone, endOfWorkingDay, isOver, parseDue } from './due.js';
import { keptPromise, promiseOf } from './promises.js';
import type { Task, TaskId } from './task.js';

const colleague = (memberId: string, role: Role): Colleague => ({
  memberId: memberId as MemberId,
  name: memberId,
  role,
  timeZone: null,
  locale: null,
  email: null,
  deputyId: null,
});

describe('who does what is asked of a role', () => {
  const team = [
    colleague('mia', 'account-manager'),
    colleague('lou', 'medical-liaison'),
    colleague('leo', 'medical-liaison'),
  ];

  it('is the one of the account’s team who has it, by id where several do', () => {
    expect(assigneeFor('medical-liaison', team, [])?.memberId).toBe('leo');
    expect(assigneeFor('service', team, [])).toBeNull();
  });

  it('is the one with the fewest open tasks there', () => {
    const open = [{ memberId: 'leo' as MemberId }, { memberId: null }];
    expect(assigneeFor('medical-liaison', team, open)?.memberId).toBe('lou');
  });
});

describe('when something is due', () => {
  it('is the end of work of a day where the member is', () => {
    expect(dueInZone('2026-03-05', 'Europe/Berlin').toISOString()).toBe('2026-03-05T17:00:00.000Z');
    expect(dueInZone('2026-03-05', 'Asia/Tehran').toISOString()).toBe('2026-03-05T14:30:00.000Z');
    // summer time begins on 29 March
    expect(dueInZone('2026-03-30', 'Europe/Berlin').toISOString()).toBe('2026-03-30T16:00:00.000Z');
  });

  it('is read from days and from times with offset, and from nothing else', () => {
    expect(parseDue('2026-03-05')).toBe('2026-03-05');
    expect(parseDue('2026-03-05T09:00:00+01:00')).toEqual(new Date('2026-03-05T08:00:00Z'));
    for (const text of [
      '2026-02-30',
      '2026-03-05T09:00:00',
      'tomorrow',
      '2026-13-01',
      '2026-03-05T25:00:00Z',
      '',
    ])
      expect(parseDue(text)).toBeNull();
  });

  it('skips the days of rest of the country', () => {
    const friday = new Date('2026-03-06T10:00:00Z');
    expect(endOfWorkingDay(friday, 2, 'Europe/Berlin', 'DE').toISOString()).toBe('2026-03-10T17:00:00.000Z');
    // in Iran Friday is free, Saturday is not
    expect(endOfWorkingDay(new Date('2026-03-05T10:00:00Z'), 1, 'Asia/Tehran', 'IR').toISOString()).toBe(
      '2026-03-07T14:30:00.000Z',
    );
  });

  it('is over when it is over everywhere', () => {
    expect(isOver('2026-03-05', new Date('2026-03-05T20:00:00Z'))).toBe(false);
    expect(isOver('2026-03-05', new Date('2026-03-06T06:00:00Z'))).toBe(true);
    expect(isOver(new Date('2026-03-05T20:00:00Z'), new Date('2026-03-05T20:00:00Z'))).toBe(true);
  });
});

const event = (
  name: string,
  properties: EventProperties,
  contactId: string | null = 'jones',
): AccountEvent => ({
  eventId: 'e' as EventId,
  source: 'crm',
  messageId: 'm',
  name,
  accountId: 'clinic' as AccountId,
  contactId: contactId as ContactId | null,
  anonymousId: null,
  memberId: null,
  occurredAt: new Date('2026-03-02T09:00:00Z'),
  recordedAt: new Date('2026-03-02T09:00:00Z'),
  properties,
  origin: 'live',
});

describe('a promise that an event tells of', () => {
  it('says what and until when', () => {
    expect(promiseOf(event('Promise Made', { what: 'send it', dueAt: '2026-03-05' }))).toEqual({
      about: 'send it',
      dueAt: '2026-03-05',
    });
    expect(promiseOf(event('Promise Made', { what: 'send it', dueAt: 'soon' }))?.dueAt).toBeNull();
    expect(promiseOf(event('Promise Made', { what: ' ' }))).toBeNull();
    expect(promiseOf(event('Promise Kept', { what: 'send it' }))).toBeNull();
  });

  const open = (taskId: string, more: Partial<Task> = {}): Task => ({
    taskId: taskId as TaskId,
    accountId: 'clinic' as AccountId,
    contactId: 'jones' as ContactId,
    kind: 'promise',
    state: 'open',
    role: 'account-manager',
    memberId: null,
    about: taskId,
    topics: [],
    dueAt: null,
    suggestionId: null,
    eventId: eventKey('crm', `made-${taskId}`),
    conversationId: null,
    createdAt: new Date(0),
    createdBy: 'mia',
    changedAt: new Date(0),
    endedAt: null,
    endedBy: null,
    note: null,
    overdueAt: null,
    ...more,
  });
  const kept = (properties: EventProperties, ...tasks: Task[]) =>
    keptPromise(event('Promise Kept', properties), tasks)?.taskId;

  it('is found by task, by the message that made it, or by its words', () => {
    const [a, b] = [open('a'), open('b')];
    expect(kept({ taskId: 'b' }, a, b)).toBe('b');
    expect(kept({ promiseId: 'made-b' }, a, b)).toBe('b');
    expect(kept({ promiseId: eventKey('crm', 'made-a') }, a, b)).toBe('a');
    expect(kept({ what: 'b' }, a, b)).toBe('b');
  });

  it('is the only one that is open with the contact, else unclear', () => {
    expect(kept({}, open('a'))).toBe('a');
    expect(kept({}, open('a'), open('b'))).toBeUndefined();
    expect(kept({}, open('a'), open('b', { contactId: 'miller' as ContactId }))).toBe('a');
    expect(kept({}, open('a', { kind: 'handover' }))).toBeUndefined();
    expect(kept({ taskId: 'gone' }, open('a'))).toBeUndefined();
    expect(kept({}, open('a', { accountId: 'other' as AccountId }))).toBeUndefined();
  });
});
