import gammaln from '@stdlib/math-base-special-gammaln';
import { type HourSettings, spread, WEEK_HOURS } from './response-hours.js';

/** Events of one contact in each hour of the week, Monday 00:00 first. */
export interface WeekCounts {
  segment: string | null;
  counts: ArrayLike<number>;
}

/** What is usual: by segment and for all, each 168 chances; and how many events of one's own weigh as much. */
export interface WeekProfiles {
  all: Float64Array;
  bySegment: ReadonlyMap<string, Float64Array>;
  /** Events of a contact that weigh as much as what is usual in its segment. */
  prior: number;
}

/** Before anything is usual: an even week, that weighs as much as 20 events of a contact's own. */
export const evenWeek: WeekProfiles = {
  all: new Float64Array(WEEK_HOURS).fill(1 / WEEK_HOURS),
  bySegment: new Map(),
  prior: 20,
};

/** How far an event speaks for the hours beside it and for other days: what foresees best on the evaluation's own choice. */
export const smoothing: Pick<HourSettings, 'neighbours' | 'otherDays'> = { neighbours: 0.2, otherDays: 0.3 };
const STRENGTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let hour = 0; hour < counts.length; hour += 1) sum += counts[hour] as number;
  return sum;
}

/**
 * Profiles by empirical Bayes: a contact's hours are drawn from its segment's, a segment's from those of all, each as a
 * Dirichlet-multinomial whose strength makes what was seen likeliest,
 *   ln p(c) = lnΓ(A) − lnΓ(A + n) + Σₕ lnΓ(A pₕ + cₕ) − lnΓ(A pₕ),
 * (Minka, 2000, "Estimating a Dirichlet distribution"). The profile of all has one event of an even week added.
 */
export function weekProfiles(contacts: readonly WeekCounts[]): WeekProfiles {
  const sums = new Float64Array(WEEK_HOURS);
  const bySegment = new Map<string, Float64Array>();
  for (const { segment, counts: whole } of contacts) {
    const counts = held(whole);
    add(sums, counts);
    if (segment === null) continue;
    const own = bySegment.get(segment) ?? new Float64Array(WEEK_HOURS);
    add(own, counts);
    bySegment.set(segment, own);
  }
  const even = new Float64Array(WEEK_HOURS).fill(1 / WEEK_HOURS);
  const all = posterior(even, 1, sums);
  const ofSegments = [...bySegment.values()].map((counts) => ({ base: all, counts }));
  const strength = likeliest(ofSegments);
  const segments = new Map([...bySegment].map(([name, counts]) => [name, posterior(all, strength, counts)]));
  const ofContacts = contacts.map(({ segment, counts }) => ({
    base: (segment === null ? undefined : segments.get(segment)) ?? all,
    counts,
  }));
  return { all, bySegment: segments, prior: likeliest(ofContacts) };
}

/** The chances of a contact: its own events, and as many as `prior` of what is usual. */
export function weekOf(
  { all, bySegment, prior }: WeekProfiles,
  segment: string | null,
  counts: ArrayLike<number> | null,
): Float64Array {
  const base = (segment === null ? undefined : bySegment.get(segment)) ?? all;
  return counts === null ? base : posterior(base, prior, counts);
}

/** For what is usual a contact counts as so many events at most: one who is there all day does not speak for all. */
const COUNTED_AT_MOST = 20;

function held(counts: ArrayLike<number>): Float64Array {
  const scale = Math.min(1, COUNTED_AT_MOST / Math.max(1, total(counts)));
  return Float64Array.from(counts, (count) => count * scale);
}

function posterior(base: Float64Array, strength: number, counts: ArrayLike<number>): Float64Array {
  const events = total(counts);
  const chances = spread(counts, smoothing);
  for (let hour = 0; hour < WEEK_HOURS; hour += 1)
    chances[hour] = (strength * (base[hour] as number) + (chances[hour] as number)) / (strength + events);
  return chances;
}

/** The strength under which the counts are likeliest; where nobody was seen, the largest: then nothing differs. */
function likeliest(seen: readonly { base: Float64Array; counts: ArrayLike<number> }[]): number {
  let best = STRENGTHS.at(-1) ?? 1;
  let most = -Infinity;
  for (const strength of [...STRENGTHS].reverse()) {
    let sum = 0;
    for (const { base, counts } of seen) sum += logLikelihood(base, strength, counts);
    if (sum > most) [most, best] = [sum, strength];
  }
  return best;
}

function logLikelihood(base: Float64Array, strength: number, counts: ArrayLike<number>): number {
  let sum = gammaln(strength) - gammaln(strength + total(counts));
  for (let hour = 0; hour < WEEK_HOURS; hour += 1) {
    const count = counts[hour] ?? 0;
    if (count === 0) continue;
    const expected = strength * (base[hour] ?? 0);
    sum += gammaln(expected + count) - gammaln(expected);
  }
  return sum;
}

function add(sums: Float64Array, counts: ArrayLike<number>): void {
  for (let hour = 0; hour < WEEK_HOURS; hour += 1) sums[hour] = (sums[hour] ?? 0) + (counts[hour] ?? 0);
}
