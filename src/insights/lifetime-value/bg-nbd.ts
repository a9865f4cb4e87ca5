import gammaln from '@stdlib/math-base-special-gammaln';
import { hypergeometric } from './hypergeometric.js';
import { nelderMead } from './nelder-mead.js';
import { counted, type PurchaseSummary } from './purchase-summary.js';

const { exp, log, max } = Math;

/** Purchase rates are gamma (r, α) over customers, the chance to leave after each purchase is beta (a, b). */
export interface BgNbd {
  r: number;
  alpha: number;
  a: number;
  b: number;
  logLikelihood: number;
}

type Parameters = Omit<BgNbd, 'logLikelihood'>;

/** The part of the likelihood that depends on the number of repeats alone. */
function ofRepeats({ r, alpha, a, b }: Parameters, x: number): number {
  const purchases = gammaln(r + x) - gammaln(r) + r * log(alpha);
  return purchases + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x);
}

/** The rest of ln of the likelihood of one customer (Fader, Hardie and Lee, 2005, equation 6). */
function ofTimes({ r, alpha, a, b }: Parameters, { repeats: x, recency, age }: PurchaseSummary): number {
  const alive = -(r + x) * log(alpha + age);
  if (x === 0) return alive;
  const gone = log(a) - log(b + x - 1) - (r + x) * log(alpha + recency);
  const most = max(alive, gone);
  return most + log(exp(alive - most) + exp(gone - most));
}

/** ln of the likelihood of one customer. */
export function bgLogLikelihood(parameters: Parameters, summary: PurchaseSummary): number {
  return ofRepeats(parameters, summary.repeats) + ofTimes(parameters, summary);
}

/** By maximum likelihood. Throws when there are no customers. */
export function fitBgNbd(customers: Iterable<PurchaseSummary>): BgNbd {
  const groups = counted(customers);
  if (groups.length === 0) throw new RangeError('A lifetime model needs customers');
  const parameters = ([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]): Parameters => ({
    r: exp(r),
    alpha: exp(alpha),
    a: exp(a),
    b: exp(b),
  });
  const repeated = [...new Set(groups.map(({ summary }) => summary.repeats))];
  const logLikelihood = (model: Parameters): number => {
    const shared = new Map(repeated.map((repeats) => [repeats, ofRepeats(model, repeats)]));
    return groups.reduce(
      (sum, { summary, count }) =>
        sum + count * ((shared.get(summary.repeats) ?? 0) + ofTimes(model, summary)),
      0,
    );
  };
  const found = nelderMead((at) => -logLikelihood(parameters(at)), [0, 1, 0, 0]);
  return { ...parameters(found.at), logLikelihood: -found.value };
}

/** Chance that the customer still buys (equation 7 of the note on P(alive), 2008). Without a repeat it is 1. */
export function probabilityAlive({ r, alpha, a, b }: Parameters, summary: PurchaseSummary): number {
  const { repeats: x, recency, age } = summary;
  if (x === 0) return 1;
  return 1 / (1 + (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x));
}

/** Purchases to expect in the next weeks, given what was seen (equation 10). */
export function expectedPurchases(model: Parameters, summary: PurchaseSummary, weeks: number): number {
  const { r, alpha, a, b } = model;
  const { repeats: x, recency, age } = summary;
  const z = weeks / (alpha + age + weeks);
  const fading = ((alpha + age) / (alpha + age + weeks)) ** (r + x);
  const bought = ((a + b + x - 1) / (a - 1)) * (1 - fading * hypergeometric(r + x, b + x, a + b + x - 1, z));
  if (x === 0) return bought;
  return bought / (1 + (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x));
}
