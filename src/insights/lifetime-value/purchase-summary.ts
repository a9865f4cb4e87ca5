/** What lifetime models read of a customer. Times in weeks. */
export interface PurchaseSummary {
  /** Repeat purchases: days with a purchase after the first. */
  repeats: number;
  /** From the first purchase to the last repeat; 0 without one. */
  recency: number;
  /** From the first purchase to the end of the observation. */
  age: number;
  /** Mean worth of a repeat purchase; 0 without one. */
  meanValue: number;
}

export interface Transaction {
  customer: string;
  at: Date;
  value: number;
}

const DAY_MS = 86_400_000;
export const DAYS_A_WEEK = 7;

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** Purchase days of each customer with what was spent on them, oldest first. */
function daysOf(transactions: readonly Transaction[]): Map<string, Map<number, number>> {
  const customers = new Map<string, Map<number, number>>();
  for (const { customer, at, value } of transactions) {
    const days = customers.get(customer) ?? new Map<number, number>();
    customers.set(customer, days.set(dayOf(at), (days.get(dayOf(at)) ?? 0) + value));
  }
  return customers;
}

/** Several transactions of a day are one purchase. Customers without one until `end` (that day included) are left out. */
export function summaries(transactions: readonly Transaction[], end: Date): Map<string, PurchaseSummary> {
  const last = dayOf(end);
  const found = new Map<string, PurchaseSummary>();
  for (const [customer, spent] of daysOf(transactions)) {
    const days = [...spent.keys()].filter((day) => day <= last).sort((a, b) => a - b);
    const first = days[0];
    if (first === undefined) continue;
    const repeats = days.slice(1);
    const value = repeats.reduce((sum, day) => sum + (spent.get(day) ?? 0), 0);
    found.set(customer, {
      repeats: repeats.length,
      recency: ((repeats.at(-1) ?? first) - first) / DAYS_A_WEEK,
      age: (last - first) / DAYS_A_WEEK,
      meanValue: repeats.length === 0 ? 0 : value / repeats.length,
    });
  }
  return found;
}

/** Purchase days of each customer after `end`, at most so many days after. */
export function purchasesAfter(
  transactions: readonly Transaction[],
  end: Date,
  days: number,
): Map<string, { purchases: number; value: number }> {
  const last = dayOf(end);
  const found = new Map<string, { purchases: number; value: number }>();
  for (const [customer, spent] of daysOf(transactions)) {
    const after = [...spent].filter(([day]) => day > last && day <= last + days);
    found.set(customer, { purchases: after.length, value: after.reduce((sum, [, value]) => sum + value, 0) });
  }
  return found;
}

/** Equal summaries once, with how many customers have them: most customers of a shop look alike. */
export function counted(customers: Iterable<PurchaseSummary>): { summary: PurchaseSummary; count: number }[] {
  const groups = new Map<string, { summary: PurchaseSummary; count: number }>();
  for (const summary of customers) {
    const key = `${summary.repeats}/${summary.recency}/${summary.age}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { summary, count: 1 });
  }
  return [...groups.values()];
}
