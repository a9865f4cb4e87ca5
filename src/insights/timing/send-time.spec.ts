import { describe, expect, it } from '@jest/globals';
import { drawIndex, type Rng, seededRng } from '../../shared/index.js';
import { evaluateSendTime } from './evaluate-send-time.js';
import { chooseHourSettings, type HourEvent, WEEK_HOURS, WeekHours } from './response-hours.js';

const MONDAY = new Date('2026-01-05T00:00:00Z').getTime();
const HOUR_MS = 3_600_000;
const WEEKS = 20;

/** Each contact responds mostly at an hour of its own, on any day from Monday to Friday. */
function planted(rng: Rng, contacts: number, each: number, loyal: number) {
  return Array.from({ length: contacts }, (_, index) => {
    const favourite = 8 + Math.floor(10 * rng.next());
    return Array.from({ length: each }, () => {
      const day = Math.floor(5 * rng.next());
      const hour = rng.next() < loyal ? favourite : 8 + Math.floor(10 * rng.next());
      const week = Math.floor(WEEKS * rng.next());
      return {
        contact: `c${index}`,
        favourite,
        at: new Date(
          MONDAY + (week * WEEK_HOURS + day * 24 + hour) * HOUR_MS + Math.floor(HOUR_MS * rng.next()),
        ),
      };
    });
  }).flat();
}

describe('hours of the week', () => {
  it('sum to one for whoever is known and for whoever is not', () => {
    const hours = new WeekHours(
      [
        { contact: 'ana', hour: 0 },
        { contact: 'ana', hour: 167 },
        { contact: 'ben', hour: 40 },
      ],
      { neighbours: 0.4, otherDays: 0.3, prior: 3 },
    );
    for (const contact of ['ana', 'ben', 'nobody']) {
      const week = hours.of(contact);
      expect(week.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...week)).toBeGreaterThan(0);
    }
  });

  it('recover a planted hour from 30 responses of a contact in nine of ten cases', () => {
    const events = planted(seededRng('hours'), 60, 30, 0.5);
    const told: HourEvent[] = events.map(({ contact, at }) => ({
      contact,
      hour: ((at.getUTCDay() + 6) % 7) * 24 + at.getUTCHours(),
    }));
    const hours = new WeekHours(told, chooseHourSettings(told));
    const favourites = new Map(events.map(({ contact, favourite }) => [contact, favourite]));
    const found = [...favourites].filter(([contact, favourite]) => {
      const week = hours.of(contact);
      const byHour = Array.from({ length: 24 }, (_, hour) =>
        [0, 1, 2, 3, 4].reduce((sum, day) => sum + (week[day * 24 + hour] ?? 0), 0),
      );
      return byHour.indexOf(Math.max(...byHour)) === favourite;
    });
    expect(found.length / favourites.size).toBeGreaterThanOrEqual(0.9);
  });

  it('say nothing of a contact beyond what all do where contacts do not differ', () => {
    const rng = seededRng('alike');
    const weights = Array.from({ length: WEEK_HOURS }, (_, hour) =>
      hour % 24 > 8 && hour % 24 < 18 ? 1 : 0.01,
    );
    const events = Array.from({ length: 4000 }, (_, index) => ({
      contact: `c${index % 200}`,
      hour: drawIndex(rng, weights),
    }));
    expect(chooseHourSettings(events).prior).toBeGreaterThanOrEqual(100);
  });
});

describe('the evaluation of sending times', () => {
  it('beats the week of all where contacts have hours of their own', () => {
    const evaluation = evaluateSendTime(planted(seededRng('judged'), 80, 40, 0.7));
    expect(evaluation.logLoss).toBeLessThan(evaluation.weekOfAll.logLoss - 0.3);
    expect(evaluation.hitAt3).toBeGreaterThan(2 * evaluation.weekOfAll.hitAt3);
  });
  it('refuses a file whose events are all of one moment', () => {
    expect(() => evaluateSendTime([{ contact: 'ana', at: new Date(MONDAY) }])).toThrow('80 %');
  });
});
