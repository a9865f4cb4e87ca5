import type { DismissalReason } from '../../contact-policy/index.js';
import type { ClosingWords } from '../closing.js';

const deed: Readonly<Record<string, string>> = {
  'Visit Logged': 'The visit was logged',
  'Call Logged': 'The call was logged',
  'Email Sent': 'The e-mail was sent',
  'Message Sent': 'The message was sent',
  'Letter Sent': 'The letter was sent',
};

const called: Readonly<Record<DismissalReason, string>> = {
  'already-done': 'as done already',
  'wrong-time': 'as the wrong time',
  'wrong-product': 'as the wrong product',
  'wrong-channel': 'as the wrong channel',
  'not-compliant': 'as not compliant',
  other: 'for another reason',
};

const named = (member: string): string => (member === '' ? '' : ` (${member})`);

export const closingInEnglish: ClosingWords = {
  done: ({ event, member }) => {
    const what = deed[event] ?? event;
    return member === undefined ? `${what}.` : `A colleague${named(member)} did it: ${what.toLowerCase()}.`;
  },
  answered: ({ member }) =>
    member === undefined
      ? 'The question was answered.'
      : `A colleague${named(member)} answered the question.`,
  ordered: () => 'The order for this product came.',
  complained: () => 'A complaint was opened: it comes first.',
  read: () => 'The customer has read it meanwhile.',
  refused: ({ rule, detail }) => `${rule}: ${detail}`,
  'consent-withdrawn': ({ detail }) => detail,
  'newer-answer': () => 'A newer answer took its place.',
  'slot-passed': ({ detail }) => (detail ? `Its slot has passed. ${detail}` : 'Its slot has passed.'),
  moved: () => 'The contact belongs to another account now.',
  gone: () => 'What it was about is no longer kept.',
  'no-words': ({ detail }) => detail,
  'not-sent': ({ detail }) => `It could not be sent: ${detail}`,
  'arrival-unknown': () => 'It was sent; whether it arrived is not known.',
  'called-not-compliant': () => 'It was called not compliant, and compliance looks at it.',
  'done-already': () => 'It is done already.',
  dismissed: ({ reason }) => `It was dismissed ${called[reason]}.`,
};
