import { describe, expect, it } from '@jest/globals';
import { dismissalReasons, ruleNames } from '../../contact-policy/index.js';
import type { ClosingArgs, ClosingReason } from '../closing.js';
import { becauseIn, wordClosing } from './word-closing.js';

/** One reason of every kind; a kind that is added and left out here does not compile. */
const examples: { [Code in keyof ClosingArgs]: ClosingArgs[Code][] } = {
  done: [
    { event: 'Visit Logged' },
    { event: 'Call Logged', member: 'leo' },
    { event: 'Own Event', member: '' },
  ],
  answered: [{}, { member: 'leo' }],
  ordered: [{}],
  complained: [{}],
  read: [{}],
  refused: ruleNames.map((rule) => ({ rule, detail: '2 touches within 7 days' })),
  'consent-withdrawn': [{ detail: 'Withdrawn by the contact' }],
  'newer-answer': [{}],
  'slot-passed': [{}, { detail: 'No room.' }],
  moved: [{}],
  gone: [{}],
  'no-words': [{ detail: 'Its action has no words for this channel.' }],
  'not-sent': [{ detail: '550' }],
  'arrival-unknown': [{}],
  'called-not-compliant': [{}],
  'done-already': [{}],
  dismissed: dismissalReasons.map((reason) => ({ reason })),
};
const reasons = Object.entries(examples).flatMap(([code, all]) =>
  all.map((args) => ({ code, args }) as ClosingReason),
);

describe('why a suggestion was closed', () => {
  it('is said whole in Persian and in English, whatever the reason', () => {
    for (const reason of reasons) {
      const [persian, english] = [wordClosing(reason, 'fa-IR'), wordClosing(reason, 'en')];
      expect(persian).toMatch(/[\u0600-\u06ff]/);
      expect(`${persian}${english}`).not.toContain('undefined');
      expect(english).not.toMatch(/[\u0600-\u06ff]/);
      // nothing of the English sentence is left in it but what was said by others
      expect(persian.replaceAll(/550|leo|Own Event/g, '')).not.toMatch(/[a-z]{3}/i);
    }
  });

  it('is English where the reader’s language is not known', () => {
    const reason: ClosingReason = { code: 'done', args: { event: 'Call Logged', member: 'leo' } };
    expect(wordClosing(reason)).toBe('A colleague (leo) did it: the call was logged.');
    expect(wordClosing(reason, 'ja')).toBe('A colleague (leo) did it: the call was logged.');
  });

  it('is not said of one that stands again', () => {
    const closing: ClosingReason = { code: 'slot-passed', args: {} };
    const because = 'Its slot has passed.';
    expect(becauseIn({ state: 'open', because, closing }, 'fa')).toBeNull();
    expect(becauseIn({ state: 'expired', because, closing: null }, 'fa')).toBe(because);
    expect(becauseIn({ state: 'expired', because, closing }, 'fa')).toBe('زمان آن گذشته است.');
  });
});
