import { touchEvents } from '../../events/index.js';

/** Outreach to a contact, by whatever system. */
export const touches = Object.keys(touchEvents);

/** What a customer looks at, looks for or asks about: interest in its product, topic and channel. */
export const reads = [
  'Page Viewed',
  'Screen Viewed',
  'Content Viewed',
  'Product Viewed',
  'Product Clicked',
  'Product Added',
  'Products Searched',
  'Search',
  'Question Asked',
  'Form Submitted',
  'Email Link Clicked',
  'Message Clicked',
  'Place Entered',
];

/** A touch was noticed. */
export const noticed = ['Email Opened', 'Message Opened', 'Offer Viewed'];

/** A touch was met with interest. */
export const responses = [
  ...noticed,
  'Email Link Clicked',
  'Email Replied',
  'Message Clicked',
  'Message Replied',
  'Offer Completed',
  'Meeting Booked',
  'Response Positive',
];

/** A touch reached what it was for. */
export const successes = ['Offer Completed', 'Order Completed', 'Meeting Booked', 'Response Positive'];

/** A touch was unwelcome, or did not arrive. */
export const negatives = [
  'Response Negative',
  'Unsubscribed',
  'Email Bounced',
  'Email Marked as Spam',
  'Complaint Opened',
];

export const orders = ['Order Completed'];

/** Everything that customers do of their own accord, and no system or colleague does to them. */
export const ownActivity = [
  ...new Set([...reads, ...responses, ...orders, 'Signed Up', 'Signed In', 'Preference Stated']),
];
