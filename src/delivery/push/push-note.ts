import { createHash } from 'node:crypto';
import type { AccountId, MemberId } from '../../catalogue/index.js';
import { DAY } from '../../shared/index.js';
import type { Message } from '../message.js';
import type { PushLanguage } from './push-subscription.js';

export const pushKinds = ['alert', 'task', 'test'] as const;
export type PushKind = (typeof pushKinds)[number];

/** What rings at a member: no more than is needed to know whether to look. */
export interface PushNote {
  messageId: string;
  kind: PushKind;
  /** Of the alert or task. */
  subjectId: string;
  accountId: AccountId | null;
  memberIds: readonly MemberId[];
  /** One line that says who did what, in the member's language where it has one. */
  title: string | null;
  urgent: boolean;
  notBefore: Date;
  notAfter: Date;
}

const LONGEST_LINE = 120;
/** What nobody has looked at by then is found in the desk. */
const TASK_RINGS_FOR = DAY;

/**
 * What a message rings with; null: it rings nowhere. An alert for nobody in particular disturbs nobody in particular; one
 * that is joined to another leaves it to that one; one that came in the night waits for the morning.
 */
export function noteOf({
  messageId,
  type,
  memberIds,
  accountId,
  occurredAt,
  data,
  notAfter,
}: Message): PushNote | null {
  if (memberIds.length === 0) return null;
  const base = { messageId, accountId, memberIds, notBefore: occurredAt };
  if (type === 'alert.raised') {
    const held = timeIn(data['heldUntil']);
    const until = notAfter ?? timeIn(data['validUntil']);
    if (typeof data['alertId'] !== 'string' || typeof data['joinedTo'] === 'string' || until === null)
      return null;
    if (held !== null && held >= until) return null;
    return {
      ...base,
      kind: 'alert',
      subjectId: data['alertId'],
      title: lineOf(data['message']) ?? lineOf(data['title']),
      urgent: true,
      notBefore: held ?? occurredAt,
      notAfter: until,
    };
  }
  if (type === 'task.created' && typeof data['taskId'] === 'string') {
    return {
      ...base,
      kind: 'task',
      subjectId: data['taskId'],
      title: lineOf(data['about']),
      urgent: false,
      notAfter: notAfter ?? new Date(occurredAt.getTime() + TASK_RINGS_FOR),
    };
  }
  return null;
}

/** What the service worker of the desk reads; the browser alone can decrypt it. */
export interface PushPayload {
  kind: PushKind;
  id: string;
  language: PushLanguage;
  title?: string;
}

export function payloadOf(
  { kind, subjectId, title }: Pick<PushNote, 'kind' | 'subjectId' | 'title'>,
  { detailed, language }: { detailed: boolean; language: PushLanguage },
): PushPayload {
  return { kind, id: subjectId, language, ...(detailed && title !== null ? { title } : {}) };
}

/** RFC 8030, 5.4: of what waits at the push service under one topic only the last is shown. Says nothing of the subject. */
export function topicOf(subjectId: string): string {
  return createHash('sha256').update(subjectId).digest('base64url').slice(0, 32);
}

function timeIn(said: unknown): Date | null {
  const at = typeof said === 'string' ? new Date(said) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}

function lineOf(said: unknown): string | null {
  if (typeof said !== 'string' || said.trim() === '') return null;
  const characters = [...said.trim()];
  return characters.length <= LONGEST_LINE
    ? characters.join('')
    : `${characters
        .slice(0, LONGEST_LINE - 1)
        .join('')
        .trimEnd()}…`;
}
