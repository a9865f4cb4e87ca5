import { describe, expect, it } from '@jest/globals';
import { retryAfterOf } from './retry-after.js';

const at = new Date('2026-11-22T10:00:00Z');

describe('Retry-After', () => {
  it('is a number of seconds', () => {
    expect(retryAfterOf('120', at)).toBe(120_000);
    expect(retryAfterOf(' 0 ', at)).toBe(0);
  });

  it('or an HTTP date, in each of its forms', () => {
    expect(retryAfterOf('Sun, 22 Nov 2026 10:01:30 GMT', at)).toBe(90_000);
    expect(retryAfterOf('Sunday, 22-Nov-26 10:01:30 GMT', at)).toBe(90_000);
    expect(retryAfterOf('Sun Nov 22 10:01:30 2026', at)).toBe(90_000);
  });

  it('that is over puts nobody off', () => {
    expect(retryAfterOf('Sun, 22 Nov 2026 09:00:00 GMT', at)).toBe(0);
  });

  it.each([undefined, '', '-5', '1.5', 'soon', '9999999999999999', '2026-11-22T10:01:30Z'])(
    'is not read when it is %p',
    (header) => {
      expect(retryAfterOf(header, at)).toBeNull();
    },
  );
});
