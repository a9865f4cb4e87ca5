import type { OutcomeName } from './offering.js';
import type { TrueTouch } from './life.js';

/** How well the truth itself foretells what happened: no model can do better, but by luck. */
export interface Ceiling {
  outcome: OutcomeName;
  touches: number;
  /** Share in which the outcome happened. */
  baseRate: number;
  /** Area under the ROC curve of the true probabilities; null when all or none happened. */
  auc: number | null;
  /** Mean −ln of the true probability of what happened, in nats. */
  logLoss: number;
}

/** Touches whose outcome is asked for: every touch for a response, those meant to bring orders for an order. */
export function ceilingOf(outcome: OutcomeName, truth: readonly TrueTouch[]): Ceiling {
  const asked = truth.filter(({ plan }) => outcome === 'responded' || plan.outcome === outcome);
  const rows = asked.map(({ probability, happened }) => ({ p: probability[outcome], y: happened[outcome] }));
  const positives = rows.filter(({ y }) => y).length;
  const loss = rows.reduce((sum, { p, y }) => sum - Math.log(y ? p : 1 - p), 0);
  return {
    outcome,
    touches: rows.length,
    baseRate: positives / rows.length,
    auc: areaUnderCurve(rows),
    logLoss: loss / rows.length,
  };
}

/** Mann and Whitney's U over the number of pairs, ties counting half (Hanley & McNeil, 1982). */
export function areaUnderCurve(rows: readonly { p: number; y: boolean }[]): number | null {
  const sorted = [...rows].sort((a, b) => a.p - b.p);
  let negativesBelow = 0;
  let won = 0;
  let positives = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    let positivesHere = 0;
    while (to < sorted.length && sorted[to]?.p === sorted[from]?.p) {
      if (sorted[to]?.y) positivesHere += 1;
      to += 1;
    }
    const negativesHere = to - from - positivesHere;
    won += positivesHere * (negativesBelow + negativesHere / 2);
    positives += positivesHere;
    negativesBelow += negativesHere;
    from = to;
  }
  return positives === 0 || negativesBelow === 0 ? null : won / (positives * negativesBelow);
}
