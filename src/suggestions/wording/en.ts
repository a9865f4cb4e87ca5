import type { MessageCatalogue, Sentence } from './wording.js';

const times = ({ plural, number }: Sentence) => (plural === 'one' ? 'once' : `${number} times`);
const when = ({ count, last }: Sentence) => (count === 1 ? `on ${last}` : `last on ${last}`);

export const english: MessageCatalogue = {
  locale: 'en-GB',
  events: {
    'Page Viewed': 'page view',
    'Content Viewed': 'content read',
    'Product Viewed': 'product view',
    'Product Added': 'product put in the basket',
    'Question Asked': 'question',
    'Form Submitted': 'form',
    'Email Opened': 'opened e-mail',
    'Email Link Clicked': 'click in an e-mail',
    'Email Replied': 'reply to an e-mail',
    'Order Completed': 'order',
    'Visit Logged': 'visit',
    'Call Logged': 'call',
    'Email Sent': 'e-mail',
  },
  reasons: {
    'topic-interest': (s) => `Showed interest in ${s.subject} ${times(s)}, ${when(s)} (${s.event}).`,
    'product-interest': (s) => `Looked at ${s.subject} ${times(s)}, ${when(s)} (${s.event}).`,
    'product-bought': (s) => `Bought ${s.subject} ${times(s)}, ${when(s)}.`,
    'question-asked': (s) =>
      `Asked ${s.plural === 'one' ? 'a question' : `${s.number} questions`}, ${when(s)}.`,
    'action-history': (s) => `Responded to this before: ${s.event}, ${when(s)}.`,
    'channel-response': (s) => `Was active on ${s.subject} ${times(s)}, ${when(s)} (${s.event}).`,
    'touch-history': (s) => `The last ${s.event} was on ${s.last}.`,
    activity: (s) => `Was active ${times(s)} since ${s.since}, last with: ${s.event} (${s.last}).`,
  },
};
