import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, ContactId } from '../catalogue/index.js';
import type { AccountEvent, EventId } from '../events/index.js';
import { HOUR, MINUTE } from '../shared/index.js';
import { bucketOf, matchesOf, mayFire, rangeFor } from './matching.js';
import { type CompiledTriggerRule, compileTriggerRule } from './rules/compile-rule.js';
import type { TriggerRule, TriggerRuleId } from './rules/trigger-rule.js';

const START = Date.parse('2026-03-02T09:00:00Z');
const noFeatures = { scalarNames: () => [], keyedNames: () => [] };

function compiled(rule: Partial<TriggerRule>): CompiledTriggerRule {
  const whole: TriggerRule = {
    ruleId: 'rule' as TriggerRuleId,
    when: { event: 'Read' },
    count: 1,
    withinHours: 24,
    maxLatenessHours: 1,
    priority: 50,
    cooldownHours: 24,
    validHours: 24,
    message: { en: 'x' },
    role: 'account-manager',
    ...rule,
  };
  const result = compileTriggerRule({ rule: whole, version: 1 }, { account: {}, contact: {} }, noFeatures);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** An event so many minutes after the start. */
function event(minutes: number, more: Partial<AccountEvent> = {}): AccountEvent {
  const at = new Date(START + minutes * MINUTE);
  return {
    eventId: `${String(minutes).padStart(9, '0')}` as EventId,
    source: 'test',
    messageId: String(minutes),
    name: 'Read',
    accountId: 'a' as AccountId,
    contactId: 'c' as ContactId,
    anonymousId: null,
    memberId: null,
    occurredAt: at,
    recordedAt: at,
    properties: {},
    origin: 'live',
    ...more,
  };
}

interface Past {
  known: AccountEvent[];
  fired: Date[];
}

/** Takes events in as one batch; gives what fired, in minutes. */
function take(
  rule: CompiledTriggerRule,
  past: Past,
  fresh: AccountEvent[],
  against: AccountEvent[] = [],
): number[] {
  past.known.push(...fresh);
  const matches = matchesOf({ compiled: rule, fresh, known: past.known, against, earlier: past.fired });
  past.fired.push(...matches.map(({ at }) => at));
  return matches.map(({ at }) => (at.getTime() - START) / MINUTE);
}

const nothing = (): Past => ({ known: [], fired: [] });
const runs = Number(process.env['FC_RUNS'] ?? 300);

describe('a rule fires', () => {
  it('at the event that completes the count within the window, with the events of the window for evidence', () => {
    const rule = compiled({ count: 3, withinHours: 1 });
    const past = nothing();
    expect(take(rule, past, [event(0)])).toEqual([]);
    expect(take(rule, past, [event(50)])).toEqual([]);
    // an hour after the first: its window no longer has it
    expect(take(rule, past, [event(60)])).toEqual([]);
    const [match] = matchesOf({
      compiled: rule,
      fresh: [event(70)],
      known: [...past.known, event(70)],
      against: [],
      earlier: [],
    });
    expect(match?.evidence.map(({ eventId }) => Number(eventId))).toEqual([70, 60, 50]);
  });

  it('whatever the order in which the events of its window came', () => {
    const rule = compiled({ count: 2, withinHours: 1 });
    const past = nothing();
    expect(take(rule, past, [event(50)])).toEqual([]);
    expect(take(rule, past, [event(10)])).toEqual([50]);
  });

  it('not within its cool-down, on either side of a border between two stretches of it, nor twice for one instant', () => {
    const rule = compiled({ cooldownHours: 2 });
    const border = Math.ceil(START / (2 * HOUR)) * 2 * HOUR;
    const minutes = (border - START) / MINUTE;
    const past = nothing();
    expect(take(rule, past, [event(minutes - 1)])).toEqual([minutes - 1]);
    expect(bucketOf(rule, new Date(border))).not.toBe(bucketOf(rule, new Date(border - MINUTE)));
    expect(take(rule, past, [event(minutes + 1)])).toEqual([]);
    expect(take(rule, past, [event(minutes - 100)])).toEqual([]);
    expect(take(rule, past, [event(minutes + 119)])).toEqual([minutes + 119]);
    const always = compiled({ cooldownHours: 0 });
    const twins = [event(3), event(3, { eventId: 'twin' as EventId })];
    expect(take(always, nothing(), twins)).toEqual([3]);
  });

  it('not when something spoke against it in the hours before, and only then', () => {
    const rule = compiled({ unless: { event: 'Ordered', withinHours: 2 } });
    const ordered = (minutes: number) => [event(minutes, { name: 'Ordered' })];
    expect(take(rule, nothing(), [event(119)], ordered(0))).toEqual([]);
    expect(take(rule, nothing(), [event(120)], ordered(0))).toEqual([120]);
    expect(take(rule, nothing(), [event(0)], ordered(1))).toEqual([0]);
  });

  it('when what was expected has not come, and is due then', () => {
    const rule = compiled({ unless: { event: 'Ordered', withinHours: 2, looks: 'ahead' } });
    const [match] = matchesOf({
      compiled: rule,
      fresh: [event(0)],
      known: [event(0)],
      against: [event(-1, { name: 'Ordered' }), event(121, { name: 'Ordered' })],
      earlier: [],
    });
    expect(match?.dueAt).toEqual(new Date(START + 2 * HOUR));
    expect(take(rule, nothing(), [event(0)], [event(120, { name: 'Ordered' })])).toEqual([]);
  });

  it('not because of an event that only counts: too late, imported, replayed or joined', () => {
    const rule = compiled({ maxLatenessHours: 1 });
    const late = (minutes: number) => event(0, { recordedAt: new Date(START + minutes * MINUTE) });
    expect(mayFire(rule, late(60))).toBe(true);
    expect(mayFire(rule, late(61))).toBe(false);
    for (const origin of ['import', 'replay', 'joined'] as const)
      expect(mayFire(rule, event(0, { origin }))).toBe(false);
  });

  it('on what it was told of before only when a new event completes it', () => {
    const rule = compiled({ count: 2, withinHours: 1, cooldownHours: 0 });
    const imported = [event(0), event(10)];
    // the import made a pair, and never fires; an event before its window completes nothing
    expect(
      matchesOf({
        compiled: rule,
        fresh: [event(-100)],
        known: [event(-100), ...imported],
        against: [],
        earlier: [],
      }),
    ).toEqual([]);
    expect(
      matchesOf({
        compiled: rule,
        fresh: [event(20)],
        known: [...imported, event(20)],
        against: [],
        earlier: [],
      }),
    ).toHaveLength(1);
  });

  it('is read of the log only where it counts or something may speak against it', () => {
    expect(rangeFor(compiled({}), 'a' as AccountId, [event(0)])).toBeNull();
    const range = rangeFor(compiled({ count: 2, withinHours: 3 }), 'a' as AccountId, [event(0)]);
    expect(range?.names).toEqual(['Read']);
    expect(range!.from.getTime()).toBeLessThan(START - 3 * HOUR);
    expect(range!.to.getTime()).toBe(START + 3 * HOUR);
  });
});

const minutesOfEvents = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 25 });
const someRule = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  withinHours: fc.integer({ min: 1, max: 5 }),
  cooldownHours: fc.integer({ min: 0, max: 5 }),
});

describe('what fires', () => {
  it('is the same however events in order of time are batched', () => {
    fc.assert(
      fc.property(
        minutesOfEvents,
        someRule,
        fc.infiniteStream(fc.integer({ min: 1, max: 6 })),
        (minutes, parts, sizes) => {
          const rule = compiled(parts);
          const events = [...minutes].sort((a, b) => a - b).map((each) => event(each));
          const one = take(rule, nothing(), events);
          const past = nothing();
          const many: number[] = [];
          for (let rest = events; rest.length > 0;) {
            const size = sizes.next().value ?? 1;
            many.push(...take(rule, past, rest.slice(0, size)));
            rest = rest.slice(size);
          }
          expect(many).toEqual(one);
        },
      ),
      { numRuns: runs },
    );
  });

  it('does not depend on the order within a batch', () => {
    fc.assert(
      fc.property(minutesOfEvents, someRule, (minutes, parts) => {
        const rule = compiled(parts);
        const events = minutes.map((each) => event(each));
        const sorted = [...events].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
        expect(take(rule, nothing(), events)).toEqual(take(rule, nothing(), sorted));
      }),
      { numRuns: runs },
    );
  });

  it('in any order and batching: something exactly when something does in order, and never twice in a cool-down', () => {
    fc.assert(
      fc.property(
        minutesOfEvents,
        someRule,
        fc.infiniteStream(fc.integer({ min: 1, max: 6 })),
        (minutes, parts, sizes) => {
          const rule = compiled(parts);
          const inTime = take(
            rule,
            nothing(),
            [...minutes].sort((a, b) => a - b).map((each) => event(each)),
          );
          const past = nothing();
          for (let rest = minutes.map((each) => event(each)); rest.length > 0;) {
            const size = sizes.next().value ?? 1;
            take(rule, past, rest.slice(0, size));
            rest = rest.slice(size);
          }
          const times = past.fired.map((at) => at.getTime()).sort((a, b) => a - b);
          expect(times.length > 0).toBe(inTime.length > 0);
          times.forEach((at, place) => {
            const before = times[place - 1];
            if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(parts.cooldownHours * HOUR);
          });
        },
      ),
      { numRuns: runs },
    );
  });
});
