import gammaln from '@stdlib/math-base-special-gammaln';
import { nelderMead } from './nelder-mead.js';
import { counted, type PurchaseSummary } from './purchase-summary.js';
import { integrated } from './quadrature.js';

const { exp, expm1, log, log1p, max, min } = Math;

/** Purchase rates are gamma (r, α) over customers, rates of leaving gamma (s, β). */
export interface ParetoNbd {
  r: number;
  alpha: number;
  s: number;
  beta: number;
  logLikelihood: number;
}

type Parameters = Omit<ParetoNbd, 'logLikelihood'>;

/** Beyond so many e-folds nothing is left of an integrand. */
const FOLDS = 45;

/**
 * ln A₀, what the customers who left add (Fader and Hardie, 2005, "A note on deriving the Pareto/NBD model", equation 20):
 *   A₀ = (r+s+x) ∫ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ, τ from tₓ to T.
 * By quadrature over u = ln((α+τ)/(α+tₓ)), in which the integrand is smooth; the closed form by ₂F₁ is the same, but its
 * series hardly settles where α and β are far apart. −Infinity where tₓ = T.
 */
export function logLeft(
  { r, alpha, s, beta }: Parameters,
  { repeats: x, recency, age }: PurchaseSummary,
): number {
  const from = alpha + recency;
  const whole = log((alpha + age) / from);
  const decay = r + x - 1;
  const length = decay > 0 ? min(whole, FOLDS / decay) : whole;
  if (length <= 0) return -Infinity;
  const share = from / (beta + recency);
  const area = integrated((u) => exp(-decay * u - (s + 1) * log1p(share * expm1(u))), length);
  return log(r + s + x) + log(area) - decay * log(from) - (s + 1) * log(beta + recency);
}

/** ln of the likelihood of one customer (the same note, equation 18). */
export function paretoLogLikelihood(parameters: Parameters, summary: PurchaseSummary): number {
  const { r, alpha, s, beta } = parameters;
  const { repeats: x, age } = summary;
  const purchases = gammaln(r + x) - gammaln(r) + r * log(alpha) + s * log(beta);
  const stayed = -(r + x) * log(alpha + age) - s * log(beta + age);
  const left = log(s) - log(r + s + x) + logLeft(parameters, summary);
  const most = max(stayed, left);
  return purchases + most + log(exp(stayed - most) + exp(left - most));
}

/** Where nobody seems to leave, s and β grow together without end: beyond this nothing changes any more. */
const LARGEST = 1e4;

/** By maximum likelihood. Throws when there are no customers. */
export function fitParetoNbd(customers: Iterable<PurchaseSummary>): ParetoNbd {
  const groups = counted(customers);
  if (groups.length === 0) throw new RangeError('A lifetime model needs customers');
  const parameters = ([r = 0, alpha = 0, s = 0, beta = 0]: readonly number[]): Parameters => ({
    r: exp(r),
    alpha: exp(alpha),
    s: exp(s),
    beta: exp(beta),
  });
  const found = nelderMead(
    (at) => {
      const tried = parameters(at);
      if (max(tried.r, tried.alpha, tried.s, tried.beta) > LARGEST) return Infinity;
      return -groups.reduce(
        (sum, { summary, count }) => sum + count * paretoLogLikelihood(tried, summary),
        0,
      );
    },
    [0, 2, 0, 2],
  );
  return { ...parameters(found.at), logLikelihood: -found.value };
}

/** Chance that the customer still buys (equation 23). */
export function probabilityAliveByPareto(parameters: Parameters, summary: PurchaseSummary): number {
  const { r, alpha, s, beta } = parameters;
  const { repeats: x, age } = summary;
  const odds = (r + x) * log(alpha + age) + s * log(beta + age) + logLeft(parameters, summary);
  return 1 / (1 + (s / (r + s + x)) * exp(odds));
}

/** Purchases to expect in the next weeks, given what was seen (equation 29). */
export function expectedPurchasesByPareto(
  parameters: Parameters,
  summary: PurchaseSummary,
  weeks: number,
): number {
  const { r, alpha, s, beta } = parameters;
  const { repeats: x, age } = summary;
  const rate = ((r + x) * (beta + age)) / ((alpha + age) * (s - 1));
  const fading = 1 - ((beta + age) / (beta + age + weeks)) ** (s - 1);
  return rate * fading * probabilityAliveByPareto(parameters, summary);
}
