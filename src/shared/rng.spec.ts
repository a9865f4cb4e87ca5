import { describe, expect, it } from '@jest/globals';
import { unitHash } from './hash.js';
import { seededRng } from './rng.js';

/** Logged draws and the holdout rest on these: they must not change with the version of anything. */
describe('chance that is replayed', () => {
  it('gives the same numbers for a seed on every machine', () => {
    const rng = seededRng('run-1:account-1');
    expect([rng.next(), rng.next(), rng.next()]).toEqual([
      0.4604959416374933, 0.47794971262731045, 0.9153513707008843,
    ]);
  });

  it('gives the same share for a text on every machine', () => {
    expect(unitHash('a')).toBe(0xca978112 / 2 ** 32);
    expect(unitHash('salt:holdout:x')).toBe(0.8788860763888806);
  });
});
