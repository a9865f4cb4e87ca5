import type { ChannelKind } from '../catalogue/index.js';
import { touchEvents } from './touches/touch.js';

/** Names of events that the product itself reads. Senders may send any other; features and rules can name those. */
export const eventNames = {
  pageViewed: 'Page Viewed',
  screenViewed: 'Screen Viewed',
  emailBounced: 'Email Bounced',
  unsubscribed: 'Unsubscribed',
  quoteGiven: 'Quote Given',
  visitLogged: 'Visit Logged',
  callLogged: 'Call Logged',
  promiseKept: 'Promise Kept',
  orderCompleted: 'Order Completed',
} as const;

/** The kind of channel that an event stands for when it names no channel. */
export const channelKindOfEvent: Readonly<Record<string, ChannelKind>> = {
  'Email Sent': 'email',
  'Email Delivered': 'email',
  'Email Opened': 'email',
  'Email Link Clicked': 'email',
  'Email Replied': 'email',
  'Email Bounced': 'email',
  'Email Marked as Spam': 'email',
  Unsubscribed: 'email',
  'Message Sent': 'sms',
  'Letter Sent': 'mail',
  'Call Logged': 'call',
  'Visit Logged': 'visit',
  'Page Viewed': 'web',
  'Screen Viewed': 'app',
};

export type ThreadKind = 'conversation' | 'complaint' | 'visit-follow-up';

/** Events that open and close what silences others. */
export const threadEvents: Readonly<Record<string, { kind: ThreadKind; does: 'open' | 'close' }>> = {
  'Conversation Opened': { kind: 'conversation', does: 'open' },
  'Conversation Closed': { kind: 'conversation', does: 'close' },
  'Complaint Opened': { kind: 'complaint', does: 'open' },
  'Complaint Closed': { kind: 'complaint', does: 'close' },
};

const raising = new Set<string>([
  ...Object.keys(touchEvents),
  ...Object.keys(threadEvents),
  eventNames.emailBounced,
  eventNames.unsubscribed,
  eventNames.quoteGiven,
  eventNames.promiseKept,
]);

/** Whether the event changes what the contact policy reads, so that decisions made before it are checked again. */
export function changesContactPolicy(name: string): boolean {
  return raising.has(name);
}

/** A browser may tell behaviour. It may not tell what the customer allowed, nor that we reached out. */
export function refusedFromBrowser(name: string): string | null {
  if (name === eventNames.unsubscribed) {
    return 'a public write key cannot record consent: send this from a server, with a key of scope ingest';
  }
  if (name in touchEvents) {
    return 'a public write key cannot record touches: send this from a server, with a key of scope ingest';
  }
  return null;
}
