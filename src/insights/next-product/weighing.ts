import { addDays, DAY, type Rng, seededRng } from '../../shared/index.js';
import { type Choice, fitChoice } from './choice.js';
import { boughtBetween, type Past, pastsBefore } from './pasts.js';
import type { Purchases } from './purchases.js';
import { topPlaces } from './ranking-metrics.js';
import type { NextProductSettings } from './settings.js';
import { Signals, signalsOf, usualWeights } from './signals.js';

/** `new`: what the account has never bought; `any`: also what it may buy again. */
export type NextProductOf = 'new' | 'any';

/** What the signals weigh, in the order of `signalsOf`. */
export type Weights = Readonly<Record<NextProductOf, Float64Array>>;

/** Accounts that must have chosen before their choices are believed. */
const LEAST_CHOICES = 30;
/** Of data shorter than so many windows, a quarter is the window. */
const WINDOWS = 4;

/**
 * What the signals weigh, learned from the latest days of the purchases themselves: which of the signals at the
 * beginning of these days told what was bought in them. Where too few accounts bought, the usual weights.
 */
export function weigh(purchases: Purchases, asOf: Date, settings: NextProductSettings): Weights {
  const from = beginning(purchases, asOf, settings.weighedOnDays);
  const chosen = boughtBetween(purchases, from, asOf);
  const usual = { new: Float64Array.from(usualWeights.new), any: Float64Array.from(usualWeights.any) };
  if (chosen.size < LEAST_CHOICES) return usual;
  const signals = Signals.at(pastsBefore(purchases, from), settings);
  const learned = (of: NextProductOf): Float64Array => {
    const choices = choicesOf(signals, chosen, of, settings);
    return choices.length < LEAST_CHOICES ? usual[of] : fitChoice(choices, usualWeights[of], settings.choice);
  };
  return { new: learned('new'), any: learned('any') };
}

function beginning({ at }: Purchases, asOf: Date, days: number): Date {
  const first = at.reduce((least, moment) => Math.min(least, moment), asOf.getTime());
  const span = (asOf.getTime() - first) / DAY;
  return addDays(asOf, -Math.min(days, span / WINDOWS));
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
  for (const item of topPlaces(fit.raw, candidates.compared, refused)) certain.add(item);
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

function rowOf(
  signals: Signals,
  fit: { raw: Float32Array; own: Float32Array },
  past: Past,
  item: number,
  of: NextProductOf,
): number[] {
  const own = fit.own[item] ?? 0;
  const moments = past.get(item);
  const common = [fit.raw[item] ?? 0, own, ...signals.selling.map((column) => column[item] ?? 0)];
  if (of === 'new') return common;
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
