import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ConsentFact, consentAllows } from '../consent/index.js';
import type { IncomingItem } from '../events/index.js';
import { addDays, canonicalJson } from '../shared/index.js';
import { areaUnderCurve, ceilingOf } from './ceiling.js';
import { channels, outcomeNames } from './offering.js';
import { ADA_JONES } from './people.js';
import { DAYS, endOf, LAST_MESSAGE, type Territory, territory } from './territory.js';

const today = new Date('2026-11-20T14:00:00Z');
let made: Territory;
let events: Extract<IncomingItem, { kind: 'event' }>[];
beforeAll(() => {
  made = territory(today);
  events = [...made.plan.events].filter((item) => item.kind === 'event');
});

describe('the simulated territory', () => {
  it('has about 300 doctors and 180 days of history that end at the present', () => {
    const { accounts, contacts } = made.plan.people;
    expect(accounts).toHaveLength(270);
    expect(contacts).toHaveLength(300);
    expect(events.length).toBeGreaterThan(40_000);
    expect(events.length).toBeLessThan(80_000);
    const times = events.map(({ occurredAt }) => occurredAt.getTime());
    expect(times.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(today.getTime());
    expect(times.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(
      addDays(today, -DAYS - 1).getTime(),
    );
  });

  it('is the same for the same seed and the same present, and another for another seed', () => {
    const of = (seed: string): string =>
      canonicalJson([...territory(today, { seed, accounts: 5 }).plan.events]);
    const first = of('one');
    expect(of('one')).toBe(first);
    expect(of('another')).not.toBe(first);
  });

  it('gives every event an id of its own and tells an account’s events in order of time', () => {
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length);
    const latest = new Map<string, number>();
    const backwards = events.filter(({ accountId = '', occurredAt }) => {
      const before = latest.get(accountId) ?? 0;
      latest.set(accountId, occurredAt.getTime());
      return occurredAt.getTime() < before;
    });
    expect(backwards).toEqual([]);
  });

  it('ends with Dr. Jones reading about side effects, from which the end of the history can be told', () => {
    const last = events.at(-1);
    expect(last).toMatchObject({
      messageId: LAST_MESSAGE,
      accountId: ADA_JONES,
      properties: { topic: 'side-effects' },
    });
    expect(endOf(last?.occurredAt ?? new Date(0))).toEqual(today);
  });

  it('never touches anybody who had not agreed to it', () => {
    const facts = factsByContact();
    const refused = events.filter(({ contactId = '', name, properties, occurredAt }) => {
      if (!name.endsWith(' Sent') && !name.endsWith(' Logged')) return false;
      const channel = channels.find(({ channelId }) => channelId === properties.channel);
      if (!channel) return true;
      const question = {
        channelId: channel.channelId,
        channelConsent: channel.consent,
        purpose: properties.purpose as never,
        productIds: (properties.productId ? [properties.productId] : []) as never[],
        topics: [properties.topic ?? ''],
      };
      return !consentAllows(facts.get(contactId) ?? [], question, occurredAt).allowed;
    });
    expect(refused).toEqual([]);
  });

  it('has consent of every sort: given, pending, withdrawn, narrowed to a product, lapsed', () => {
    const statements = made.plan.consents.map(({ statement }) => statement);
    for (const status of ['granted', 'pending', 'withdrawn'] as const) {
      expect(statements.filter((statement) => statement.status === status).length).toBeGreaterThan(3);
    }
    expect(statements.some(({ productId }) => productId)).toBe(true);
    expect(statements.some(({ expiresAt }) => expiresAt && expiresAt < today)).toBe(true);
  });
});

/** What the plan states, and the withdrawals that events carry. */
function factsByContact(): Map<string, ConsentFact[]> {
  const facts = new Map<string, ConsentFact[]>();
  const add = (contactId: string, fact: object): void => {
    const whole = { productId: null, topic: null, expiresAt: null, recordedAt: today, ...fact };
    facts.set(contactId, [...(facts.get(contactId) ?? []), whole as ConsentFact]);
  };
  for (const { contactId, statement } of made.plan.consents) add(contactId, statement);
  for (const { name, contactId = '', occurredAt } of events) {
    if (name !== 'Unsubscribed') continue;
    const said = { channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'link' };
    add(contactId, { ...said, effectiveAt: occurredAt });
  }
  return facts;
}

describe('the truth of the territory', () => {
  it('foretells how often things happen, on every channel, within four standard errors', () => {
    for (const outcome of outcomeNames) {
      for (const { channelId } of channels) {
        const touches = made.truth.filter(({ channel }) => channel === (channelId as string));
        const expected = touches.reduce((sum, { probability }) => sum + probability[outcome], 0);
        const variance = touches.reduce(
          (sum, { probability }) => sum + probability[outcome] * (1 - probability[outcome]),
          0,
        );
        const happened = touches.filter((touch) => touch.happened[outcome]).length;
        expect(Math.abs(happened - expected)).toBeLessThanOrEqual(4 * Math.sqrt(variance));
      }
    }
  });

  it('tells responses apart far better than chance, and far from perfectly', () => {
    for (const outcome of outcomeNames) {
      const { auc, logLoss, baseRate } = ceilingOf(outcome, made.truth);
      const ofBaseRate = -(baseRate * Math.log(baseRate) + (1 - baseRate) * Math.log(1 - baseRate));
      expect(auc).toBeGreaterThan(0.75);
      expect(auc).toBeLessThan(0.95);
      expect(logLoss).toBeLessThan(ofBaseRate);
    }
  });

  it('is told in the history: each touch that was answered has a response that names it', () => {
    const named = new Set(
      events.filter(({ name }) => name === 'Response Positive').map(({ properties }) => properties.touchId),
    );
    const old = made.truth.filter(({ at }) => at < addDays(today, -10));
    expect(old.length).toBeGreaterThan(5000);
    expect(old.filter(({ touchId, happened }) => named.has(touchId) !== happened.responded)).toEqual([]);
  });
});

describe('the area under the curve', () => {
  it('counts pairs in the right order, ties half', () => {
    const rows = (...pairs: [number, boolean][]) => pairs.map(([p, y]) => ({ p, y }));
    expect(areaUnderCurve(rows([0.1, false], [0.9, true]))).toBe(1);
    expect(areaUnderCurve(rows([0.9, false], [0.1, true]))).toBe(0);
    expect(areaUnderCurve(rows([0.5, false], [0.5, true]))).toBe(0.5);
    expect(areaUnderCurve(rows([0.2, false], [0.4, true], [0.6, false], [0.8, true]))).toBe(0.75);
    expect(areaUnderCurve(rows([0.2, true]))).toBeNull();
  });
});
