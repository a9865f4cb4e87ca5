import { addDays, DAY, type Rng, seededRng } from '../../shared/index.js';
import { type Choice, fitChoice } from './choice.js';
import { boughtBetween, type Past, type Pasts, pastsBefore, withoutLast } from './pasts.js';
import type { Purchases } from './purchases.js';
import { topPlaces } from './ranking-metrics.js';
import type { NextProductSettings } from './settings.js';
import { type Fits, fitSignals, Signals, signalsOf, usualWeights } from './signals.js';

/** `new`: what the account has never bought; `any`: also what it may buy again. */
export type NextProductOf = 'new' | 'any';

/** What the signals weigh, in the order of `signalsOf`. */
export type Weights = Readonly<Record<NextProductOf, Float64Array>>;

/**
 * What the signals are weighed by: what was bought in the latest days, or what each account bought last. The first is
 * what comes after a moment; the second whatever comes next, whenever it does.
 */
export type WeighedBy = 'latest-days' | 'last-moments';

/** Accounts that must have chosen before their choices are believed. */
const LEAST_CHOICES = 30;
/** The window grows until so many have, if the data has them. */
const GOOD_CHOICES = 300;
/** Of data shorter than so many windows, a quarter is the window. */
const WINDOWS = 4;

/**
 * What the signals weigh, learned from the latest days of the purchases themselves: which of the signals at the
 * beginning of these days told what was bought in them. Where too few accounts bought then, from what each bought last;
 * where that is too few too, the usual weights.
 */
export function weigh(
  purchases: Purchases,
  asOf: Date,
  settings: NextProductSettings,
  by: WeighedBy = 'latest-days',
): Weights {
  const lesson = by === 'latest-days' ? latestDays(purchases, asOf, settings) : null;
  const { pasts, chosen } = lesson ?? lastMoments(purchases, asOf);
  const signals = chosen.size < LEAST_CHOICES ? null : Signals.at(pasts, settings);
  const learned = (of: NextProductOf): Float64Array => {
    const choices = signals ? choicesOf(signals, chosen, of, settings) : [];
    if (choices.length < LEAST_CHOICES) return Float64Array.from(usualWeights[of]);
    const ridge = (settings.choice.ridge * settings.weighedOnAccounts) / choices.length;
    return fitChoice(choices, usualWeights[of], { ...settings.choice, ridge });
  };
  return { new: learned('new'), any: learned('any') };
}

interface Lesson {
  pasts: Pasts;
  /** What accounts bought after their pasts. */
  chosen: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Null where hardly anybody bought then who had bought before. */
function latestDays(purchases: Purchases, asOf: Date, { weighedOnDays }: NextProductSettings): Lesson | null {
  const first = purchases.at.reduce((least, moment) => Math.min(least, moment), asOf.getTime());
  const longest = (asOf.getTime() - first) / DAY / WINDOWS;
  for (let days = Math.min(weighedOnDays, longest); ; days = Math.min(2 * days, longest)) {
    const from = addDays(asOf, -days);
    const pasts = pastsBefore(purchases, from);
    const chosen = boughtBetween(purchases, from, asOf);
    for (const account of chosen.keys()) if (!pasts.accounts[account]?.size) chosen.delete(account);
    if (chosen.size >= GOOD_CHOICES || days === longest)
      return chosen.size < LEAST_CHOICES ? null : { pasts, chosen };
  }
}

function lastMoments(purchases: Purchases, asOf: Date): Lesson {
  const { pasts, last } = withoutLast(purchases, asOf);
  return { pasts, chosen: last };
}

function choicesOf(
  signals: Signals,
  chosen: ReadonlyMap<number, ReadonlySet<number>>,
  of: NextProductOf,
  settings: NextProductSettings,
): Choice[] {
  const accounts = [...chosen.keys()].filter((account) => signals.pastOf(account).size > 0);
  const rng = seededRng(`next-product ${of}`);
  const step = Math.max(1, accounts.length / settings.weighedOnAccounts);
  const choices: Choice[] = [];
  for (let place = 0; place < accounts.length; place += step) {
    const account = accounts[Math.floor(place)] as number;
    const choice = choiceOf(signals, account, chosen.get(account) ?? new Set(), of, settings, rng);
    if (choice) choices.push(choice);
  }
  return choices;
}

/** Undefined when nothing of the kind was bought. */
function choiceOf(
  signals: Signals,
  account: number,
  chosen: ReadonlySet<number>,
  of: NextProductOf,
  { candidates }: NextProductSettings,
  rng: Rng,
): Choice | undefined {
  const past = signals.pastOf(account);
  const admitted = (item: number): boolean => of === 'any' || !past.has(item);
  const bought = [...chosen].filter(admitted);
  if (bought.length === 0) return undefined;
  const fit = signals.fitOf(account);
  const certain = new Set([...bought, ...(of === 'any' ? past.keys() : [])]);
  const refused = (item: number): boolean => !admitted(item);
  for (const item of topPlaces(fit.fit, candidates.compared, refused)) certain.add(item);
  for (const item of topPlaces(fit.near, candidates.compared, refused)) certain.add(item);
  for (const item of topPlaces(signals.selling[1] ?? [], candidates.takenUp, refused)) certain.add(item);
  const total = signals.pasts.items - (of === 'new' ? past.size : 0);
  const drawn = drawnFrom(
    signals.pasts.items,
    certain,
    refused,
    Math.min(candidates.others, total - certain.size),
    rng,
  );
  const rows = [...certain, ...drawn];
  const weight = Math.log(Math.max(1, (total - certain.size) / Math.max(1, drawn.size)));
  return {
    signals: Float32Array.from(rows.flatMap((item) => rowOf(signals, fit, past, item, of))),
    standsFor: Float32Array.from(rows, (_, row) => (row < certain.size ? 0 : weight)),
    bought: bought.map((_, row) => row),
  };
}

function rowOf(signals: Signals, fit: Fits, past: Past, item: number, of: NextProductOf): number[] {
  const moments = past.get(item);
  const common = [
    ...fitSignals.map((name) => fit[name][item] as number),
    ...signals.selling.map((column) => column[item] ?? 0),
  ];
  if (of === 'new') return common;
  const own = fit.fitOfAccount[item] as number;
  return [...common, ...(moments ? signals.ownOf(item, moments, own, past.size) : NOT_OWN)];
}

const NOT_OWN: readonly number[] = signalsOf.any.slice(signalsOf.new.length).map(() => 0);

function drawnFrom(
  items: number,
  certain: ReadonlySet<number>,
  refused: (item: number) => boolean,
  wanted: number,
  rng: Rng,
): Set<number> {
  const drawn = new Set<number>();
  // where nearly everything is certain already, drawing does not find the rest
  for (let tries = 0; drawn.size < wanted && tries < wanted * 20; tries += 1) {
    const item = Math.floor(rng.next() * items);
    if (!certain.has(item) && !refused(item)) drawn.add(item);
  }
  return drawn;
}
