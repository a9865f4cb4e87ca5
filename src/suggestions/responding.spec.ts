import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { responded, type Taken, UNDO_MINUTES, type UndoableResponse, undone } from './responding.js';
import type { ResponseKind, SuggestionState } from './suggestion.js';

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

describe('a suggestion that a colleague has accepted', () => {
  const taken = { kind: 'accepted' as const, memberId: 'mia' as never, at: now };
  const by = 'leo' as never;

  it('is not taken over, dismissed or put off by others, who may say that it is done', () => {
    const until = new Date('2026-03-05T00:00:00Z');
    for (const response of [
      { kind: 'accepted' as const },
      { kind: 'dismissed' as const },
      { kind: 'snoozed' as const, until },
    ]) {
      expect(responded(inState('accepted'), response, now, { by, taken })).toMatchObject({
        ok: false,
        error: { code: 'taken', taken: { memberId: 'mia' } },
      });
    }
    expect(responded(inState('accepted'), { kind: 'completed' }, now, { by, taken }).ok).toBe(true);
    expect(responded(inState('accepted'), { kind: 'dismissed' }, now, { by: null, taken }).ok).toBe(true);
  });

  it('refuses what was said of another state than it is in', () => {
    expect(responded(inState('seen'), { kind: 'accepted', ifState: 'open' }, now)).toMatchObject({
      ok: false,
      error: { code: 'changed', state: 'seen' },
    });
    expect(responded(inState('seen'), { kind: 'accepted', ifState: 'seen' }, now).ok).toBe(true);
  });
});

describe('taking a response back', () => {
  const response = (changes: Partial<UndoableResponse> = {}): UndoableResponse => ({
    kind: 'dismissed',
    memberId: 'mia' as never,
    respondedAt: now,
    undoneAt: null,
    latest: true,
    before: { state: 'open', expiresAt: new Date('2026-03-06T00:00:00Z'), snoozedUntil: null },
    ...changes,
  });
  const dismissed = { ...inState('dismissed'), because: 'other', snoozedUntil: null };
  const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
  const mia = 'mia' as never;

  it('brings back what was, for a while, to whoever gave it', () => {
    expect(undone(dismissed, response(), minutes(UNDO_MINUTES), mia)).toMatchObject({
      ok: true,
      value: { state: 'open', raisesEpoch: true },
    });
    expect(undone(dismissed, response(), minutes(UNDO_MINUTES + 1), mia)).toMatchObject({
      error: { code: 'too-late' },
    });
    expect(undone(dismissed, response(), now, 'leo' as never)).toMatchObject({
      error: { code: 'not-yours' },
    });
  });

  it('changes nothing the second time, nor after anything else has happened', () => {
    expect(undone(inState('open') as never, response({ undoneAt: now }), now, mia)).toMatchObject({
      value: { state: 'open', repeated: true },
    });
    expect(undone(dismissed, response({ latest: false }), now, mia)).toMatchObject({
      error: { code: 'changed' },
    });
    const withdrawn = { ...dismissed, state: 'withdrawn' as const };
    expect(undone(withdrawn, response(), now, mia)).toMatchObject({ error: { code: 'changed' } });
  });
});

describe('any sequence of responses', () => {
  const kinds = ['seen', 'accepted', 'dismissed', 'snoozed', 'completed'] as const;
  const members = ['mia', 'leo'] as const;
  const step = fc.record({
    kind: fc.constantFrom(...kinds),
    by: fc.constantFrom(...members),
    undo: fc.boolean(),
  });
  const closed: readonly SuggestionState[] = ['dismissed', 'completed', 'withdrawn'];

  it('never reopens what is closed but by taking back, which gives exactly what was before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let one = { ...inState('open'), snoozedUntil: null as Date | null };
        let taken: Taken | null = null;
        for (const { kind, by, undo } of steps) {
          const before = one;
          const until = kind === 'snoozed' ? new Date(now.getTime() + 3_600_000) : undefined;
          const given = responded(one, { kind, ...(until ? { until } : {}) }, now, {
            by: by as never,
            taken,
          });
          if (!given.ok || given.value.repeated) continue;
          if (closed.includes(before.state)) return false;
          one = {
            ...one,
            state: given.value.state,
            expiresAt: given.value.expiresAt,
            snoozedUntil: until ?? null,
          };
          const said = response(kind, by, before);
          if (undo) {
            const back = undone(one, said, now, by as never);
            if (!back.ok || back.value.state !== before.state) return false;
            one = { ...one, ...back.value };
          } else if (kind !== 'seen') taken = { kind, memberId: by as never, at: now };
        }
        return true;
      }),
    );
  });

  function response(
    kind: ResponseKind,
    by: string,
    {
      state,
      expiresAt,
      snoozedUntil,
    }: { state: SuggestionState; expiresAt: Date; snoozedUntil: Date | null },
  ): UndoableResponse {
    return {
      kind,
      memberId: by as never,
      respondedAt: now,
      undoneAt: null,
      latest: true,
      before: { state, expiresAt, snoozedUntil },
    };
  }
});
