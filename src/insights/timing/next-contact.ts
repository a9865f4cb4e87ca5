/** When somebody was seen of their own accord, and how long they were watched; in days. */
export interface ContactRhythm {
  /** Between one time and the next. */
  gaps: readonly number[];
  /** Since the last time, and not seen again until now. */
  since: number;
}

/** Days at which the hazard may change. */
const EDGES = [0, 1, 2, 4, 7, 14, 28, 56, 112, Infinity] as const;
const STRENGTHS = [0.5, 1, 2, 4, 8, 16, 32, 64];

/** How likely somebody is to come by themselves on the next day, by days since the last time; and how much people differ. */
export interface NextContactHazard {
  /** By band of `EDGES`, per day. */
  perDay: readonly number[];
  /** Expected times that weigh as much as one's own: a gamma (k, k) over people. */
  strength: number;
}

/**
 * Life-table hazard by days since the last time (events over days at risk, open spells counted as long as they last),
 * times a factor of each person's own that is gamma (k, k) over people; k is the likeliest under the negative binomial
 * that this gives (Lawless, 1987). Null where nobody came twice.
 */
export function fitNextContact(people: readonly ContactRhythm[]): NextContactHazard | null {
  const bands = EDGES.length - 1;
  const came = new Float64Array(bands);
  const days = new Float64Array(bands);
  for (const { gaps, since } of people) {
    for (const gap of gaps) {
      expose(days, gap);
      const band = bandOf(gap);
      came[band] = (came[band] ?? 0) + 1;
    }
    expose(days, since);
  }
  if (came.reduce((sum, one) => sum + one, 0) === 0) return null;
  const perDay = Array.from(came, (count, band) => (days[band] === 0 ? 0 : count / (days[band] ?? 1)));
  let best = { strength: STRENGTHS.at(-1) ?? 1, fit: -Infinity };
  for (const strength of STRENGTHS) {
    const fit = people.reduce(
      (sum, one) => sum + logShare(one.gaps.length, exposure(perDay, one), strength),
      0,
    );
    if (fit > best.fit) best = { strength, fit };
  }
  return { perDay, strength: best.strength };
}

/** A person's own factor on the hazard: (k + times seen) / (k + times expected); 1 for one of whom nothing is known. */
export function factorOf({ perDay, strength }: NextContactHazard, own: ContactRhythm): number {
  return (strength + own.gaps.length) / (strength + exposure(perDay, own));
}

/** Chance that somebody comes by themselves within so many days from now. */
export function chanceWithin(hazard: NextContactHazard, own: ContactRhythm, days: number): number {
  const ahead = cumulative(hazard.perDay, own.since + days) - cumulative(hazard.perDay, own.since);
  return 1 - Math.exp(-factorOf(hazard, own) * ahead);
}

/** ln of the negative binomial for `seen` times where `expected` were to come, without what does not depend on k. */
function logShare(seen: number, expected: number, k: number): number {
  let sum = k * Math.log(k) - (k + seen) * Math.log(k + expected);
  for (let time = 0; time < seen; time += 1) sum += Math.log(k + time);
  return sum;
}

function exposure(perDay: readonly number[], { gaps, since }: ContactRhythm): number {
  return gaps.reduce((sum, gap) => sum + cumulative(perDay, gap), cumulative(perDay, since));
}

function cumulative(perDay: readonly number[], days: number): number {
  return perDay.reduce((sum, hazard, band) => sum + hazard * within(band, days), 0);
}

function expose(sums: Float64Array, days: number): void {
  for (let band = 0; band < sums.length; band += 1) sums[band] = (sums[band] ?? 0) + within(band, days);
}

/** Days of a spell that lie in a band. */
function within(band: number, days: number): number {
  const from = EDGES[band] ?? 0;
  return Math.max(0, Math.min(days, EDGES[band + 1] ?? Infinity) - from);
}

function bandOf(days: number): number {
  let band = 0;
  while (band < EDGES.length - 2 && days >= (EDGES[band + 1] ?? Infinity)) band += 1;
  return band;
}
