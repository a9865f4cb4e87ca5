import type { Purchases } from './purchases.js';

/** Moments at which one account bought each item: Unix milliseconds, in order, each once. */
export type Past = ReadonlyMap<number, readonly number[]>;

/** What every account bought before a moment. */
export interface Pasts {
  /** Items that there are, bought before or not. */
  items: number;
  /** Unix milliseconds. */
  asOf: number;
  /** By number of the account. */
  accounts: readonly Past[];
}

export function pastsBefore(purchases: Purchases, asOf: Date): Pasts {
  const until = asOf.getTime();
  const accounts: Map<number, number[]>[] = purchases.accounts.map(() => new Map());
  purchases.account.forEach((account, line) => {
    const at = purchases.at[line] ?? Infinity;
    if (at >= until) return;
    const past = accounts[account];
    const item = purchases.item[line] ?? 0;
    const moments = past?.get(item);
    if (moments) moments.push(at);
    else past?.set(item, [at]);
  });
  for (const past of accounts)
    for (const [item, moments] of past) if (moments.length > 1) past.set(item, inOrder(moments));
  return { items: purchases.items.length, asOf: until, accounts };
}

function inOrder(moments: number[]): number[] {
  moments.sort((a, b) => a - b);
  return moments.filter((moment, place) => place === 0 || moment !== moments[place - 1]);
}

/** What each account bought last before a moment, and all pasts without it; who bought at one moment only keeps it. */
export function withoutLast(
  purchases: Purchases,
  asOf: Date,
): { pasts: Pasts; last: Map<number, Set<number>> } {
  const { items, accounts, asOf: until } = pastsBefore(purchases, asOf);
  const last = new Map<number, Set<number>>();
  const earlier = accounts.map((past, account) => {
    const moments = [...past.values()].flat();
    const latest = moments.reduce((most, moment) => Math.max(most, moment), -Infinity);
    if (moments.every((moment) => moment === latest)) return past;
    last.set(account, new Set([...past].flatMap(([item, own]) => (own.at(-1) === latest ? [item] : []))));
    return new Map(
      [...past].flatMap(([item, own]): [number, readonly number[]][] => {
        const kept = own.at(-1) === latest ? own.slice(0, -1) : own;
        return kept.length > 0 ? [[item, kept]] : [];
      }),
    );
  });
  return { pasts: { items, asOf: until, accounts: earlier }, last };
}

/** What each account bought in [from, until), by its number. */
export function boughtBetween(purchases: Purchases, from: Date, until: Date): Map<number, Set<number>> {
  const bought = new Map<number, Set<number>>();
  const [low, high] = [from.getTime(), until.getTime()];
  purchases.account.forEach((account, line) => {
    const at = purchases.at[line] ?? NaN;
    if (!(at >= low && at < high)) return;
    const own = bought.get(account) ?? new Set<number>();
    bought.set(account, own.add(purchases.item[line] ?? 0));
  });
  return bought;
}
