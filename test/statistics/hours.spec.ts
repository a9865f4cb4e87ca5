import { describe, expect, it } from '@jest/globals';
import {
  chanceWithin,
  type ContactRhythm,
  evenWeek,
  factorOf,
  fitNextContact,
  WEEK_HOURS,
  type WeekCounts,
  weekOf,
  weekProfiles,
} from '../../src/insights/index.js';
import { drawIndex, type Rng, seededRng } from '../../src/shared/index.js';

/**
 * Contacts who respond on working days from 8 to 18; `loyal` of their responses come at a favourite hour of their own
 * (or of their segment), on any of these days.
 */
interface Planted extends WeekCounts {
  favourite: number;
}

const pickHour = (rng: Rng): number => 8 + Math.floor(10 * rng.next());

function planted(
  rng: Rng,
  { contacts, each, loyal, segments }: { contacts: number; each: number; loyal: number; segments?: number },
): Planted[] {
  const ofSegments = Array.from({ length: segments ?? 0 }, (_, place) => 8 + ((3 * place) % 10));
  return Array.from({ length: contacts }, (_, index) => {
    const segment = segments === undefined ? null : `s${index % segments}`;
    const favourite = segments === undefined ? pickHour(rng) : (ofSegments[index % segments] ?? 8);
    const counts = new Float64Array(WEEK_HOURS);
    for (let event = 0; event < each; event += 1) {
      const hour = rng.next() < loyal ? favourite : pickHour(rng);
      const place = 24 * Math.floor(5 * rng.next()) + hour;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    return { segment, favourite, counts };
  });
}

/** The hour of the day that a week holds for the likeliest, over working days. */
function likeliestHour(week: Float64Array): number {
  const byHour = Array.from({ length: 24 }, (_, hour) =>
    [0, 1, 2, 3, 4].reduce((sum, day) => sum + (week[24 * day + hour] ?? 0), 0),
  );
  return byHour.indexOf(Math.max(...byHour));
}

function recovered(contacts: readonly Planted[]): number {
  const profiles = weekProfiles(contacts);
  const found = contacts.filter(
    ({ segment, counts, favourite }) => likeliestHour(weekOf(profiles, segment, counts)) === favourite,
  );
  return found.length / contacts.length;
}

describe('planted hours of contacts', () => {
  it('are recovered from 30 responses, half of them at the favourite hour, in 95 of 100 contacts', () => {
    expect(recovered(planted(seededRng('30'), { contacts: 300, each: 30, loyal: 0.5 }))).toBeGreaterThan(
      0.95,
    );
  });

  it('are recovered from 10 responses in 70 of 100 contacts, where chance would find 10', () => {
    expect(recovered(planted(seededRng('10'), { contacts: 300, each: 10, loyal: 0.5 }))).toBeGreaterThan(0.7);
  });
});

describe('hours where nothing is usual yet', () => {
  it('stay nearly even after one event, and follow a hundred', () => {
    const at = (events: number) => {
      const counts = new Float64Array(WEEK_HOURS);
      counts[33] = events;
      return weekOf(evenWeek, null, counts)[33] ?? NaN;
    };
    expect(at(0)).toBeCloseTo(1 / WEEK_HOURS, 10);
    expect(at(1)).toBeLessThan(0.05);
    expect(at(100)).toBeGreaterThan(0.3);
  });
});

describe('planted hours of segments', () => {
  const contacts = planted(seededRng('segments'), { contacts: 400, each: 4, loyal: 0.4, segments: 4 });
  const profiles = weekProfiles(contacts);

  it('are what a contact has of whom nothing is known', () => {
    for (const { segment, favourite } of contacts.slice(0, 4))
      expect(likeliestHour(weekOf(profiles, segment, null))).toBe(favourite);
  });

  it('hold for 97 of 100 contacts with four responses each, who follow their segment', () => {
    expect(recovered(contacts)).toBeGreaterThan(0.97);
  });

  it('foresee a new response better than the week of all', () => {
    const later = planted(seededRng('later'), { contacts: 400, each: 4, loyal: 0.4, segments: 4 });
    const loss = (weekFor: (contact: Planted) => Float64Array) =>
      later.reduce((sum, contact) => {
        const week = weekFor(contact);
        return (
          sum - Array.from(contact.counts).reduce((own, n, hour) => own + n * Math.log(week[hour] ?? 0), 0)
        );
      }, 0) / 1600;
    expect(loss(({ segment }) => weekOf(profiles, segment, null))).toBeLessThan(
      loss(() => profiles.all) - 0.05,
    );
  });
});

describe('contacts who do not differ', () => {
  it('have the week of all, nearly whatever was seen of them', () => {
    const rng = seededRng('alike');
    const weights = Array.from({ length: WEEK_HOURS }, (_, hour) =>
      hour % 24 > 8 && hour % 24 < 18 ? 1 : 0.01,
    );
    const contacts = Array.from({ length: 200 }, (): WeekCounts => {
      const counts = new Float64Array(WEEK_HOURS);
      for (let event = 0; event < 20; event += 1) {
        const hour = drawIndex(rng, weights);
        counts[hour] = (counts[hour] ?? 0) + 1;
      }
      return { segment: null, counts };
    });
    expect(weekProfiles(contacts).prior).toBeGreaterThanOrEqual(500);
  });
});

describe('the hazard of the next contact', () => {
  /** People come at random with a rate of their own, 1 in 5 or 1 in 40 days, over a year. */
  const watched = (rng: Rng, rate: number): ContactRhythm => {
    const gaps: number[] = [];
    let day = 0;
    for (;;) {
      const gap = -Math.log(1 - rng.next()) / rate;
      if (day + gap > 365) return { gaps, since: 365 - day };
      gaps.push(gap);
      day += gap;
    }
  };
  const rng = seededRng('rhythm');
  const people = Array.from({ length: 300 }, (_, index) => ({
    rate: index % 2 === 0 ? 1 / 5 : 1 / 40,
    ...watched(rng, index % 2 === 0 ? 1 / 5 : 1 / 40),
  }));
  const hazard = fitNextContact(people);

  it('foresees the next week of each within 10 points on average', () => {
    if (!hazard) throw new Error('nothing was fitted');
    const apart = people.map((one) => Math.abs(chanceWithin(hazard, one, 7) - (1 - Math.exp(-7 * one.rate))));
    expect(apart.reduce((sum, one) => sum + one, 0) / apart.length).toBeLessThan(0.1);
  });

  it('is that of all for one of whom nothing is known', () => {
    if (!hazard) throw new Error('nothing was fitted');
    expect(factorOf(hazard, { gaps: [], since: 0 })).toBe(1);
    expect(fitNextContact([{ gaps: [], since: 12 }])).toBeNull();
  });
});
