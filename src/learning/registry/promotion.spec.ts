import { describe, expect, it } from '@jest/globals';
import { judgement } from '../testing/judgement.js';
import { modelEntry } from '../testing/model-entry.js';
import { MARGIN, mayPromote } from './promotion.js';

const silent = { reason: null, force: false };
const withReason = { reason: 'a newer history', force: false };
const champion = modelEntry('champion', { opened: 0.5 });
const refresh = modelEntry('refresh', { opened: 0.5 + MARGIN / 2 });
const undecided = judgement({ verdict: 'undecided' });

describe('the gate of promotion', () => {
  it('lets a first model serve as unproven, and only with a reason', () => {
    const first = modelEntry('first', { opened: 0.5 });
    expect(mayPromote(first, null, null, silent)).toMatchObject({
      ok: false,
      error: { code: 'reason-needed' },
    });
    expect(mayPromote(first, null, null, withReason)).toEqual({ ok: true, value: { unproven: true } });
  });

  it.each(['better', 'no-worse'] as const)(
    'lets one serve as proven, and without a word, that the log shows to be %s',
    (verdict) => {
      expect(mayPromote(refresh, champion, judgement({ verdict }), silent)).toEqual({
        ok: true,
        value: { unproven: false },
      });
    },
  );

  it('refuses what the log shows to be worse, whatever the reason', () => {
    const worse = judgement({ verdict: 'worse', difference: { value: -2, low: -3, high: -1 } });
    const refused = mayPromote(refresh, champion, worse, withReason);
    expect(refused).toMatchObject({ ok: false, error: { code: 'not-proven' } });
    expect(refused.ok ? '' : refused.error.detail).toContain('-2.0000 (95 % -3.0000 to -1.0000)');
  });

  it('refuses one that loses in a segment, or whose chances are off, though it earns more in all', () => {
    const segment = { segment: 'small', decisions: 400, difference: { value: -1, low: -2, high: -0.5 } };
    for (const flaw of [{ worseSegments: [segment] }, { calibrated: false }]) {
      const refused = mayPromote(refresh, champion, judgement({ verdict: 'better', ...flaw }), withReason);
      expect(refused).toMatchObject({ ok: false, error: { code: 'not-proven' } });
    }
  });

  it('lets one serve of which the log does not settle it as unproven, with a reason, if held out it is no worse', () => {
    for (const open of [undecided, judgement({ verdict: 'no-log', decisions: 0 }), null]) {
      expect(mayPromote(refresh, champion, open, silent)).toMatchObject({ error: { code: 'reason-needed' } });
      expect(mayPromote(refresh, champion, open, withReason)).toEqual({
        ok: true,
        value: { unproven: true },
      });
      const worse = modelEntry('worse', { opened: 0.5 + 2 * MARGIN });
      expect(mayPromote(worse, champion, open, withReason)).toMatchObject({ error: { code: 'not-proven' } });
    }
  });

  it('says how many decisions would settle it', () => {
    const asked = mayPromote(refresh, champion, undecided, silent);
    expect(asked.ok ? '' : asked.error.detail).toContain('about 1700 would tell 5 %');
  });

  it('compares held out on the same rows where the challenger was judged beside the champion', () => {
    const better = modelEntry('champion', { opened: 0.3 });
    const challenger = modelEntry('challenger', { opened: 0.5 });
    const beside = (version: string, logLoss: number) => {
      const metrics = modelEntry(version, { opened: logLoss }).card.metrics['linear'] ?? {};
      return { ...challenger, card: { ...challenger.card, besideChampion: { version, metrics } } };
    };
    expect(mayPromote(beside('champion', 0.55), better, null, withReason)).toMatchObject({ ok: true });
    expect(mayPromote(beside('champion', 0.45), better, null, withReason)).toMatchObject({ ok: false });
    expect(mayPromote(beside('another', 0.55), better, null, withReason)).toMatchObject({ ok: false });
  });

  it('forces a worse one only with a reason, and marks it', () => {
    const worse = modelEntry('worse', { opened: 0.9 });
    const proven = judgement({ verdict: 'worse' });
    expect(mayPromote(worse, champion, proven, { reason: ' ', force: true })).toMatchObject({
      error: { code: 'reason-needed' },
    });
    expect(mayPromote(worse, champion, proven, { reason: 'drill', force: true })).toEqual({
      ok: true,
      value: { unproven: true },
    });
  });

  it('does not compare models that share no outcome, while the log does not settle it', () => {
    const other = modelEntry('other', { bought: 0.1 });
    expect(mayPromote(other, champion, null, withReason)).toMatchObject({ error: { code: 'not-proven' } });
    expect(mayPromote(other, champion, judgement({}), silent)).toMatchObject({ ok: true });
  });

  it('refuses the one that serves already', () => {
    expect(mayPromote(champion, champion, null, { reason: 'again', force: true })).toMatchObject({
      error: { code: 'already-champion' },
    });
  });
});
