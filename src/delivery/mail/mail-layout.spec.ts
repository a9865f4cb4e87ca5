import { describe, expect, it } from '@jest/globals';
import { htmlOf, textOf, withTouchInLinks } from './mail-layout.js';

const content = {
  title: 'Prices < 5 & "more"',
  body: 'Dear <b>Kim</b>,\nsee (https://shop.test/a?b=1&c=2).\n\n<script>alert(1)</script>',
  language: 'en',
  unsubscribeUrl: 'https://nba.test/u/x"><img src=x>',
};

describe('the layout of a mail', () => {
  it('makes no markup of what is said, whatever it is', () => {
    const html = htmlOf(content);
    expect(html).not.toMatch(/<b>|<script|<img/);
    expect(html).toContain('Prices &lt; 5 &amp; &quot;more&quot;');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('links addresses without the signs that end their sentence', () => {
    expect(htmlOf(content)).toContain(
      '(<a href="https://shop.test/a?b=1&amp;c=2">https://shop.test/a?b=1&amp;c=2</a>).',
    );
  });

  it('is written from right to left in Persian, with the footer in Persian', () => {
    const html = htmlOf({ ...content, language: 'fa-IR' });
    expect(html).toContain('<html lang="fa-IR" dir="rtl">');
    expect(html).toContain('لغو اشتراک');
  });

  it('says in plain text too how to unsubscribe, and nothing of it to our own people', () => {
    expect(textOf(content)).toContain('Unsubscribe: https://nba.test/u/');
    const own = { ...content, unsubscribeUrl: null };
    expect(textOf(own)).not.toContain('Unsubscribe');
    expect(htmlOf(own)).not.toContain('nba.test');
  });

  it('carries the touch in its links, beside what they had', () => {
    expect(withTouchInLinks('See https://shop.test/a?b=1#c, or http://x.test.', 'touch_1')).toBe(
      'See https://shop.test/a?b=1&touchId=touch_1#c, or http://x.test/?touchId=touch_1.',
    );
  });
});
