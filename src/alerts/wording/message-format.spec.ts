import { describe, expect, it } from '@jest/globals';
import { checkFormat, formatMessage } from './message-format.js';

const english = { locale: 'en-GB', timeZone: 'Europe/Berlin' };
const persian = { locale: 'fa-IR-u-ca-persian', timeZone: 'Asia/Tehran' };
const at = new Date('2026-03-02T09:05:00Z');

describe('a message', () => {
  it('fills its placeholders, and leaves out what is not known', () => {
    expect(formatMessage('{who} looked at {what} today', { who: 'Dr. Jones' }, english)).toBe(
      'Dr. Jones looked at today',
    );
  });

  it('chooses the plural of the language, an exact number before it', () => {
    const text = '{n, plural, =0 {never} one {once} =2 {twice} other {# times}}';
    expect([0, 1, 2, 1200].map((n) => formatMessage(text, { n }, english))).toEqual([
      'never',
      'once',
      'twice',
      '1,200 times',
    ]);
    expect(formatMessage('{n, plural, one {یک بار} other {# بار}}', { n: 3 }, persian)).toBe('۳ بار');
  });

  it('writes numbers and times as the reader does, in her zone and calendar', () => {
    expect(formatMessage('{at, date}, {at, time}', { at }, english)).toBe('2 March 2026, 10:05');
    expect(formatMessage('{at, datetime}', { at }, persian)).toContain('اسفند');
    expect(formatMessage('{n, number}', { n: 1234.5 }, english)).toBe('1,234.5');
  });

  it('writes a brace that is quoted, and an apostrophe that is not before one', () => {
    expect(formatMessage("it's '{'{who}'}'", { who: 'x' }, english)).toBe("it's {x}");
  });

  it.each([
    ['{', 'needs the name'],
    ['{who', 'needs a ,'],
    ['a } b', 'closes nothing'],
    ['{who, shout}', 'knows no format'],
    ['{n, plural, one {x}}', 'without the case "other"'],
    ['{stranger}', 'knows no placeholder {stranger}'],
    ["'{", 'not closed'],
  ])('is refused when it is %s, with what is wrong', (text, problem) => {
    expect(checkFormat(text, ['who', 'n'])).toContain(problem);
  });

  it('is accepted when it only names what there is', () => {
    expect(checkFormat('{who}: {n, plural, one {{who}} other {#}}', ['who', 'n'])).toBeNull();
  });
});
