import type { AccountId, MemberId } from '../../catalogue/index.js';
import type { MessageType } from '../message.js';

/** What people at the desk are told as it happens. */
export const streamEvents = [
  'alert',
  'suggestion.created',
  'suggestion.withdrawn',
  'suggestion.closed',
  'task',
  'resync',
] as const;
export type StreamEvent = (typeof streamEvents)[number];

/** The event that a message becomes on the stream; other messages do not go there. */
export const eventOf: Partial<Record<MessageType, StreamEvent>> = {
  'alert.raised': 'alert',
  'suggestion.created': 'suggestion.created',
  'suggestion.withdrawn': 'suggestion.withdrawn',
  'suggestion.closed': 'suggestion.closed',
  'task.created': 'task',
  'rescoring.finished': 'resync',
};

/** One entry as readers get it. */
export interface StreamEntry {
  /** Rises in the order in which entries became visible. */
  sequence: number;
  event: StreamEvent;
  /** JSON in one line. */
  data: string;
}

/** An entry with whom it is for. */
export interface AddressedEntry extends StreamEntry {
  accountId: AccountId | null;
  /** Members it addresses in person, and the account's team when it was read. */
  audience: readonly MemberId[];
}

/** Null reads everything. An entry of no account that addresses nobody is for everybody. */
export function isFor(entry: AddressedEntry, member: MemberId | null): boolean {
  if (member === null) return true;
  if (entry.accountId === null && entry.audience.length === 0) return true;
  return entry.audience.includes(member);
}
