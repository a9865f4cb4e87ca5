import { describe, expect, it } from '@jest/globals';
import { modelEntry } from '../testing/model-entry.js';
import { MARGIN, mayPromote } from './promotion.js';

const silent = { reason: null, force: false };

describe('the gate of promotion', () => {
  it('lets a first model serve as unproven, and only with a reason', () => {
    const first = modelEntry('first', { opened: 0.5 });
    expect(mayPromote(first, null, silent)).toMatchObject({ ok: false, error: { code: 'reason-needed' } });
    expect(mayPromote(first, null, { reason: 'checked by hand', force: false })).toEqual({
      ok: true,
      value: { unproven: true },
    });
  });

  it('lets a refresh serve that is no worse than the champion by more than the margin', () => {
    const champion = modelEntry('champion', { opened: 0.5 });
    expect(mayPromote(modelEntry('same', { opened: 0.5 + MARGIN / 2 }), champion, silent)).toEqual({
      ok: true,
      value: { unproven: false },
    });
    expect(mayPromote(modelEntry('worse', { opened: 0.5 + 2 * MARGIN }), champion, silent)).toMatchObject({
      error: { code: 'not-proven' },
    });
  });

  it('compares on the same rows where the challenger was judged beside the champion', () => {
    const champion = modelEntry('champion', { opened: 0.3 });
    const challenger = modelEntry('challenger', { opened: 0.5 });
    const beside = (version: string, logLoss: number) => {
      const metrics = modelEntry(version, { opened: logLoss }).card.metrics['linear'] ?? {};
      return { ...challenger, card: { ...challenger.card, besideChampion: { version, metrics } } };
    };
    expect(mayPromote(beside('champion', 0.55), champion, silent)).toMatchObject({ ok: true });
    expect(mayPromote(beside('champion', 0.45), champion, silent)).toMatchObject({ ok: false });
    expect(mayPromote(beside('another', 0.55), champion, silent)).toMatchObject({ ok: false });
  });

  it('forces a worse one only with a reason, and marks it', () => {
    const champion = modelEntry('champion', { opened: 0.5 });
    const worse = modelEntry('worse', { opened: 0.9 });
    expect(mayPromote(worse, champion, { reason: ' ', force: true })).toMatchObject({
      error: { code: 'reason-needed' },
    });
    expect(mayPromote(worse, champion, { reason: 'drill', force: true })).toEqual({
      ok: true,
      value: { unproven: true },
    });
  });

  it('does not compare models that share no outcome', () => {
    const refused = mayPromote(
      modelEntry('other', { bought: 0.1 }),
      modelEntry('champion', { opened: 0.5 }),
      silent,
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'not-proven' } });
  });

  it('refuses the one that serves already', () => {
    const champion = modelEntry('champion', { opened: 0.5 });
    expect(mayPromote(champion, champion, { reason: 'again', force: true })).toMatchObject({
      error: { code: 'already-champion' },
    });
  });
});
