import gammaln from '@stdlib/math-base-special-gammaln';
import { nelderMead } from './nelder-mead.js';
import type { PurchaseSummary } from './purchase-summary.js';

const { exp, log } = Math;

/** What a purchase is worth: gamma (p, ν) for one customer, ν itself gamma (q, v) over customers. */
export interface GammaGamma {
  p: number;
  q: number;
  v: number;
}

/** ln of the likelihood of a customer with repeats (Fader and Hardie, 2013, "The Gamma-Gamma model", equation 1a). */
export function worthLogLikelihood(
  { p, q, v }: GammaGamma,
  { repeats: x, meanValue }: PurchaseSummary,
): number {
  const px = p * x;
  return (
    gammaln(px + q) -
    gammaln(px) -
    gammaln(q) +
    q * log(v) +
    (px - 1) * log(meanValue) +
    px * log(x) -
    (px + q) * log(x * meanValue + v)
  );
}

/** By maximum likelihood over customers whose repeats were worth something; null where there are none. */
export function fitGammaGamma(customers: Iterable<PurchaseSummary>): GammaGamma | null {
  const spending = [...customers].filter(({ repeats, meanValue }) => repeats > 0 && meanValue > 0);
  if (spending.length === 0) return null;
  const parameters = ([p = 0, q = 0, v = 0]: readonly number[]): GammaGamma => ({
    p: exp(p),
    q: exp(q),
    v: exp(v),
  });
  const found = nelderMead(
    (at) => -spending.reduce((sum, summary) => sum + worthLogLikelihood(parameters(at), summary), 0),
    [1, 1, 2],
  );
  return parameters(found.at);
}

/** What a purchase of the customer is worth on average: between what was seen and what all spend (equation 5). */
export function expectedValue({ p, q, v }: GammaGamma, { repeats: x, meanValue }: PurchaseSummary): number {
  return (p * (v + x * meanValue)) / (p * x + q - 1);
}
