/** Hours of the week, Monday 00:00 first. */
export const WEEK_HOURS = 168;
const DAY_HOURS = 24;
const WEEK_DAYS = 7;

/** How far an event at one hour speaks for others, and how much all contacts count beside one's own events. */
export interface HourSettings {
  /** Share of an event that goes to the hour before and after it, half each. */
  neighbours: number;
  /** Share of an event that goes to the same hour of the other six days, a sixth each. */
  otherDays: number;
  /** Events of all that weigh as much as as many of one's own: the strength of the shrinkage. */
  prior: number;
}

export interface HourEvent {
  contact: string;
  /** 0 to 167. */
  hour: number;
}

/** A distribution over the hours of the week of what counts say, spread to neighbouring hours and other days. */
export function spread(
  counts: ArrayLike<number>,
  { neighbours, otherDays }: Pick<HourSettings, 'neighbours' | 'otherDays'>,
): Float64Array {
  const result = new Float64Array(WEEK_HOURS);
  for (let hour = 0; hour < WEEK_HOURS; hour += 1) {
    const count = counts[hour] ?? 0;
    if (count === 0) continue;
    result[hour] = (result[hour] ?? 0) + count * (1 - neighbours - otherDays);
    for (const beside of [(hour + 1) % WEEK_HOURS, (hour + WEEK_HOURS - 1) % WEEK_HOURS])
      result[beside] = (result[beside] ?? 0) + (count * neighbours) / 2;
    for (let day = 1; day < WEEK_DAYS; day += 1) {
      const other = (hour + day * DAY_HOURS) % WEEK_HOURS;
      result[other] = (result[other] ?? 0) + (count * otherDays) / (WEEK_DAYS - 1);
    }
  }
  return result;
}

/**
 * The chance of each hour of the week for a contact: a Dirichlet posterior whose prior mean is the week of all contacts
 * and whose strength is `prior` events,
 *   p(h | contact) = (prior · p(h | all) + Σᵢ k(h, hᵢ)) / (prior + n),
 * k the spreading of an event over neighbouring hours and days. p(h | all) has one event of an even week added, so that
 * no hour is impossible.
 */
export class WeekHours {
  private readonly ofAll: Float64Array;
  private readonly own = new Map<string, Float64Array>();

  constructor(
    events: readonly HourEvent[],
    private readonly settings: HourSettings,
  ) {
    const all = new Float64Array(WEEK_HOURS);
    for (const { contact, hour } of events) {
      all[hour] = (all[hour] ?? 0) + 1;
      const counts = this.own.get(contact) ?? new Float64Array(WEEK_HOURS);
      counts[hour] = (counts[hour] ?? 0) + 1;
      this.own.set(contact, counts);
    }
    const smooth = spread(all, settings);
    this.ofAll = smooth.map((count) => (count + 1 / WEEK_HOURS) / (events.length + 1));
  }

  /** 168 chances that sum to 1. A contact of whom nothing is known has the week of all. */
  of(contact: string): Float64Array {
    const counts = this.own.get(contact);
    if (!counts) return this.ofAll;
    const { prior } = this.settings;
    const own = spread(counts, this.settings);
    const events = counts.reduce((sum, count) => sum + count, 0);
    return own.map((count, hour) => (prior * (this.ofAll[hour] ?? 0) + count) / (prior + events));
  }
}

const candidates: readonly HourSettings[] = [0, 0.2, 0.4].flatMap((neighbours) =>
  [0, 0.15, 0.3, 0.5].flatMap((otherDays) =>
    [1, 3, 10, 30, 100, 300, 1000].map((prior) => ({ neighbours, otherDays, prior })),
  ),
);

/** Mean of −ln(chance given to what happened). */
export function hourLogLoss(hours: WeekHours, events: readonly HourEvent[]): number {
  const weeks = new Map<string, Float64Array>();
  let sum = 0;
  for (const { contact, hour } of events) {
    let week = weeks.get(contact);
    if (!week) weeks.set(contact, (week = hours.of(contact)));
    sum -= Math.log(week[hour] ?? 0);
  }
  return sum / events.length;
}

/**
 * The settings under which the earlier events foresee the later ones best (empirical Bayes on held-out rows).
 * `share`: of the events, in the order given, that are earlier.
 */
export function chooseHourSettings(events: readonly HourEvent[], share = 0.8): HourSettings {
  const cut = Math.floor(events.length * share);
  const earlier = events.slice(0, cut);
  const later = events.slice(cut);
  let best = { neighbours: 0.2, otherDays: 0.3, prior: 30 };
  if (earlier.length === 0 || later.length === 0) return best;
  let least = Infinity;
  for (const settings of candidates) {
    const loss = hourLogLoss(new WeekHours(earlier, settings), later);
    if (loss < least) [least, best] = [loss, settings];
  }
  return best;
}
