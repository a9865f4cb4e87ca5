import type { ChannelKind } from '../../catalogue/index.js';
import type { Counted, Deed } from './deeds.js';
import type { Headline, Language, Sentence } from './language.js';

type Wording = Pick<Sentence, 'number' | 'plural' | 'list'>;

const times = (count: number, { number, plural }: Wording) =>
  count === 2 ? 'twice' : plural(count, { one: 'once', other: `${number(count)} times` });
const lastly = ({ count, last }: Sentence) => (count === 1 ? last : `most recently ${last}`);

/** What was done about a subject; where nothing is named, to us. */
const verbs: Readonly<Record<Deed, (subject: string) => string>> = {
  read: (subject) => (subject ? `read about ${subject}` : 'read on our pages'),
  looked: (subject) => (subject ? `looked at ${subject}` : 'looked at products'),
  searched: (subject) => (subject ? `searched for ${subject}` : 'searched'),
  'put-in-basket': (subject) => `put ${subject || 'a product'} in the basket`,
  asked: (subject) => (subject ? `asked about ${subject}` : 'asked a question'),
  'filled-in': (subject) => (subject ? `filled in a form about ${subject}` : 'filled in a form'),
  opened: (subject) => (subject ? `opened a message about ${subject}` : 'opened a message'),
  clicked: (subject) => (subject ? `clicked a link about ${subject}` : 'clicked a link'),
  replied: (subject) => (subject ? `replied about ${subject}` : 'replied'),
  'met-us': (subject) => (subject ? `came by where we showed ${subject}` : 'came by'),
  ordered: (subject) => `ordered ${subject || 'something'}`,
  other: (subject) => (subject ? `was interested in ${subject}` : 'was active'),
};

/** "read about dosing 3 times and asked about it once": the subject is named once. */
function whatWasDone(done: readonly Counted[], subject: string, wording: Wording): string {
  return wording.list(
    done
      .slice(0, 3)
      .map(
        ({ deed, count }, place) =>
          `${verbs[deed](place === 0 || subject === '' ? subject : 'it')} ${times(count, wording)}`,
      ),
  );
}

const interest = (sentence: Sentence) =>
  `${sentence.who} ${whatWasDone(sentence.done, sentence.subject, sentence)}, ${lastly(sentence)}.`;

const approaches: Readonly<Record<ChannelKind, string>> = {
  call: 'a call',
  visit: 'a visit',
  email: 'an e-mail',
  sms: 'a text message',
  chat: 'a chat',
  mail: 'a letter',
  event: 'an event',
  branch: 'a talk at the branch',
  social: 'a message',
  app: 'a message in the app',
  web: 'a message on our pages',
  podcast: 'a podcast',
  advert: 'an advertisement',
};

const doublesBought = ({ number, plural, count, of, subject, after }: Sentence) =>
  `${number(count)} of ${plural(of, { one: 'one account', other: `${number(of)} accounts` })} like this one bought ${subject}${after === null ? '' : ` after ${approaches[after]}`}.`;

const days = (count: number, { number, plural }: Wording) =>
  plural(count, { one: 'day', other: `${number(count)} days` });

const dueAgain = (s: Sentence) =>
  `${s.who} orders ${s.subject} about every ${days(s.every, s)}; the last order was ${s.daysAgo === 0 ? 'today' : `${s.plural(s.daysAgo, { one: '1 day', other: `${s.number(s.daysAgo)} days` })} ago`}.`;

const boughtTogether = (s: Sentence) =>
  `Accounts that bought ${s.other} also buy ${s.subject} (${s.plural(s.accounts, { one: '1 account', other: `${s.number(s.accounts)} accounts` })}); ${s.who} ordered ${s.other} ${times(s.count, s)}, ${lastly(s)}.`;

const verbOf: Readonly<Record<ChannelKind, (one: Headline) => string>> = {
  call: ({ contact }) => `Call ${contact}`,
  visit: ({ contact }) => `Visit ${contact}`,
  email: ({ contact }) => `E-mail ${contact}`,
  sms: ({ contact }) => `Text ${contact}`,
  chat: ({ contact }) => `Chat with ${contact}`,
  mail: ({ contact }) => `Write ${contact} a letter`,
  event: ({ contact }) => `Invite ${contact}`,
  branch: ({ contact }) => `Speak to ${contact} at the branch`,
  social: ({ contact, channel }) => `Write to ${contact} on ${channel}`,
  app: ({ contact, channel }) => `Show ${contact} in ${channel}`,
  web: ({ contact, channel }) => `Show ${contact} on ${channel}`,
  podcast: ({ contact, channel }) => `Reach ${contact} on ${channel}`,
  advert: ({ contact, channel }) => `Reach ${contact} by ${channel}`,
};

function about({ intent, topics, product, action, list }: Headline): string {
  if (intent === 'offer' && product !== null) return ` to offer ${product}`;
  if (topics.length > 0) return ` about ${list(topics)}${product === null ? '' : ` of ${product}`}`;
  return product === null ? `: ${action}` : ` about ${product}`;
}

export const english: Language = {
  locale: 'en-GB',
  events: {
    'Page Viewed': 'page view',
    'Content Viewed': 'content read',
    'Product Viewed': 'product view',
    'Product Added': 'product put in the basket',
    'Question Asked': 'question',
    'Question Answered': 'answer',
    'Form Submitted': 'form',
    'Email Opened': 'opened e-mail',
    'Email Link Clicked': 'click in an e-mail',
    'Email Replied': 'reply to an e-mail',
    'Order Completed': 'order',
    'Quote Given': 'quote',
    'Visit Logged': 'visit',
    'Call Logged': 'call',
    'Email Sent': 'e-mail',
    'Message Sent': 'message',
    'Letter Sent': 'letter',
  },
  topics: { dosage: 'dosing', 'follow-up': 'follow-up', 'off-label': 'off-label use' },
  somebody: (account) => (account === null ? 'The customer' : `Somebody at ${account}`),
  reasons: {
    'topic-interest': interest,
    'product-interest': interest,
    'product-bought': (s) => `${s.who} ordered ${s.subject} ${times(s.count, s)}, ${lastly(s)}.`,
    'question-asked': (s) =>
      `${s.who} asked ${s.plural(s.count, { one: 'a question', other: `${s.number(s.count)} questions` })}, ${lastly(s)}.`,
    'action-history': (s) =>
      `${s.who} has responded to this before: ${whatWasDone(s.done, '', s)}, ${lastly(s)}.`,
    'channel-response': (s) =>
      `${s.who} can be reached by ${s.subject}: ${whatWasDone(s.done, '', s)}, ${lastly(s)}.`,
    'touch-history': (s) => `The last ${s.event} was ${s.last}.`,
    'doubles-bought': doublesBought,
    'due-again': dueAgain,
    'bought-together': boughtTogether,
    activity: (s) => `${s.who} ${whatWasDone(s.done, '', s)}, ${lastly(s)}.`,
  },
  happened: ({ away, weekday, date }, time) => {
    if (away === 0) return `today at ${time}`;
    if (away === -1) return 'yesterday';
    return away > -7 && away < 0 ? `on ${weekday}` : `on ${date}`;
  },
  headline: (one) => {
    const verb = one.channelKind ? verbOf[one.channelKind](one) : `Reach ${one.contact}`;
    return `${verb}${about(one)}, ${one.slot}`;
  },
  slot: ({ away, weekday, date }, from, to) => {
    const day = away === 0 ? 'today' : away === 1 ? 'tomorrow' : away < 7 && away > 0 ? weekday : date;
    return `${day} ${from}–${to}${from.includes(':') || to.includes(':') ? '' : ' h'}`;
  },
};
