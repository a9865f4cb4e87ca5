import { describe, expect, it } from '@jest/globals';
import { actionsOf, answer } from '../../test/support/answering.js';
import { action, channel, happened } from '../../test/support/recommender.js';
import type { Question, World } from './index.js';

describe('the moment', () => {
  const actions = [
    action('background', { value: 10_000 }),
    action('dosage', { topics: ['dosage'], value: 20 }),
    action('read-dosage', { topics: ['dosage'], value: 20, intent: 'content', channelIds: ['visit'] }),
  ];
  const channels = [channel('call'), channel('visit', { kind: 'visit' })];

  it('puts a need before background, even in the draw', () => {
    const exploration: World['exploration'] = { mode: 'squarecb', gamma: 0.001, floor: 0.01, maxArms: 10 };
    const seeds = Array.from({ length: 50 }, (_, index) => `seed ${index}`);
    const first = seeds.map((seed) =>
      answer(
        { actions, channels },
        {},
        { context: { need: 'asked about dosage' } },
        { exploration, request: { seed } },
      ),
    );
    expect(new Set(first.flatMap((made) => actionsOf(made)[0] ?? 'none'))).not.toContain('background');
  });

  it('silences a topic that was answered minutes ago, unless it is asked again or wanted now', () => {
    const answered = [
      happened('Question Asked', 0.5, { topic: 'dosage' }),
      happened('Question Answered', 0.2, { topic: 'dosage' }),
    ];
    const silent = answer({ actions, channels }, { events: answered });
    expect(actionsOf(silent)).toEqual(['background']);
    const again = answer(
      { actions, channels },
      { events: [...answered, happened('Question Asked', 0.1, { topic: 'dosage' })] },
    );
    expect(actionsOf(again)).toContain('dosage');
    const wanted = answer({ actions, channels }, { events: answered }, { context: { need: 'dosage' } });
    expect(actionsOf(wanted)[0]).toBe('read-dosage');
    const hours = answer(
      { actions, channels },
      { events: [happened('Question Answered', 2, { topic: 'dosage' })] },
    );
    expect(actionsOf(hours)).toContain('dosage');
  });

  it('does not follow a question up that was answered days ago, while other offers on the topic stand', () => {
    const following = { ...action('call-back', { topics: ['dosage'] }), intent: 'follow-up' as const };
    const offering = { actions: [...actions, following], channels };
    const days = (count: number) => count * 24;
    const asked = happened('Question Asked', days(4), { topic: 'dosage' });
    const answered = happened('Question Answered', days(3), { topic: 'dosage' });
    const made = (events: ReturnType<typeof happened>[]) => actionsOf(answer(offering, { events }));
    expect(made([asked])).toContain('call-back');
    expect(made([asked, answered])).not.toContain('call-back');
    expect(made([asked, answered])).toContain('read-dosage');
    expect(made([asked, answered, happened('Question Asked', 5, { topic: 'dosage' })])).toContain(
      'call-back',
    );
    const long = [
      happened('Question Asked', days(16), { topic: 'dosage' }),
      happened('Question Answered', days(15), { topic: 'dosage' }),
    ];
    expect(made(long)).toContain('call-back');
  });

  it('does not send what was read minutes ago, while an offer to talk about it stands', () => {
    const read = answer(
      { actions, channels },
      { events: [happened('Content Viewed', 0.2, { topic: 'dosage' })] },
    );
    expect(actionsOf(read)).toContain('dosage');
    expect(actionsOf(read)).not.toContain('read-dosage');
  });

  it('weighs a topic and a product of the moment twice', () => {
    const contextOf = (context: Question['context']) =>
      answer({ actions, channels }, {}, { context }).decision.suggestions.find(
        ({ actionId }) => actionId === 'dosage',
      )?.context;
    expect(contextOf({})).toBe(1);
    expect(contextOf({ topic: 'dosage' })).toBe(2);
  });
});
