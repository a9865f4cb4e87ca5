import gammaln from '@stdlib/math-base-special-gammaln';
import { hypergeometric } from './hypergeometric.js';
import { nelderMead } from './nelder-mead.js';
import { counted, type PurchaseSummary } from './purchase-summary.js';

const { abs, exp, expm1, log, max, min } = Math;

/** Purchase rates are gamma (r, α) over customers, rates of leaving gamma (s, β). */
export interface ParetoNbd {
  r: number;
  alpha: number;
  s: number;
  beta: number;
  logLikelihood: number;
}

type Parameters = Omit<ParetoNbd, 'logLikelihood'>;

/**
 * ln A₀, what the customers who left add (Fader and Hardie, 2005, "A note on deriving the Pareto/NBD model", equations
 * 20 and 21): for α ≥ β
 *   ₂F₁(r+s+x, s+1; r+s+x+1; (α−β)/(α+tₓ)) / (α+tₓ)^(r+s+x) − the same with T for tₓ,
 * else with r+x for s+1 and α, β exchanged. −Infinity where both are equal.
 */
function logLeft({ r, alpha, s, beta }: Parameters, { repeats: x, recency, age }: PurchaseSummary): number {
  const total = r + s + x;
  const wide = max(alpha, beta);
  const apart = abs(alpha - beta);
  const second = alpha >= beta ? s + 1 : r + x;
  const at = (time: number): number =>
    log(hypergeometric(total, second, total + 1, apart / (wide + time))) - total * log(wide + time);
  const early = at(recency);
  const late = at(age);
  return early + log(-expm1(min(late - early, 0)));
}

/** ln of the likelihood of one customer (the same note, equation 18). */
function logLikelihood(parameters: Parameters, summary: PurchaseSummary): number {
  const { r, alpha, s, beta } = parameters;
  const { repeats: x, age } = summary;
  const purchases = gammaln(r + x) - gammaln(r) + r * log(alpha) + s * log(beta);
  const stayed = -(r + x) * log(alpha + age) - s * log(beta + age);
  const left = log(s) - log(r + s + x) + logLeft(parameters, summary);
  const most = max(stayed, left);
  return purchases + most + log(exp(stayed - most) + exp(left - most));
}

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
    (at) =>
      -groups.reduce((sum, { summary, count }) => sum + count * logLikelihood(parameters(at), summary), 0),
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
