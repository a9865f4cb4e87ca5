import type { AccountId, MemberId } from '../catalogue/index.js';

/** What is told to others: webhooks take all but `suggestion.closed`, the stream of the desk takes what people see. */
export const messageTypes = [
  'alert.raised',
  'suggestion.created',
  'suggestion.withdrawn',
  'suggestion.closed',
  'suggestion.responded',
  'task.created',
  'consent.changed',
  'touch.requested',
  'touch.cancelled',
  'rescoring.finished',
  'model.promoted',
] as const;
export type MessageType = (typeof messageTypes)[number];

/** Something that happened here, to be told to those whom it concerns, at least once, under one id. */
export interface Message {
  /** Unique, without a dot: what a receiver knows a repetition by. */
  messageId: string;
  type: MessageType;
  occurredAt: Date;
  /** Null when it concerns no single account. */
  accountId: AccountId | null;
  /** Members whom it addresses in person; empty: whoever is assigned to the account. */
  memberIds: readonly MemberId[];
  /** As receivers read it; JSON, below 20 kB. */
  data: Readonly<Record<string, unknown>>;
  /** From then on it need not be told any more. */
  notAfter: Date | null;
}
