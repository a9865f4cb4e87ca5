import { describe, expect, it } from '@jest/globals';
import { responded } from './responding.js';
import type { SuggestionState } from './suggestion.js';

const now = new Date('2026-03-04T11:00:00Z');
const inState = (state: SuggestionState) => ({
  state,
  because: null,
  expiresAt: new Date('2026-03-06T00:00:00Z'),
});

describe('a response', () => {
  it('moves a suggestion that stands', () => {
    for (const kind of ['seen', 'accepted', 'dismissed', 'completed'] as const) {
      expect(responded(inState('open'), { kind }, now)).toMatchObject({
        ok: true,
        value: { state: kind, repeated: false },
      });
    }
  });

  it('rests when it was dismissed or done: the contact policy reads it', () => {
    const raises = (kind: 'seen' | 'accepted' | 'dismissed' | 'completed') => {
      const result = responded(inState('open'), { kind }, now);
      return result.ok && result.value.raisesEpoch;
    };
    expect(['seen', 'accepted', 'dismissed', 'completed'].map((kind) => raises(kind as 'seen'))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('leaves what was accepted accepted when it is seen again', () => {
    expect(responded(inState('accepted'), { kind: 'seen' }, now)).toMatchObject({
      value: { state: 'accepted', repeated: true },
    });
  });

  it('lets a suggestion stand beyond the time to which it was put off', () => {
    const until = new Date('2026-03-20T00:00:00Z');
    const result = responded(inState('open'), { kind: 'snoozed', until }, now);
    expect(result.ok && result.value.expiresAt > until).toBe(true);
  });

  it('may tell late what was done or refused, and nothing else', () => {
    expect(responded(inState('expired'), { kind: 'completed' }, now).ok).toBe(true);
    expect(responded(inState('superseded'), { kind: 'dismissed' }, now).ok).toBe(true);
    expect(responded(inState('expired'), { kind: 'accepted' }, now)).toMatchObject({
      ok: false,
      error: { code: 'closed' },
    });
    expect(responded(inState('withdrawn'), { kind: 'completed' }, now).ok).toBe(false);
  });
});
