/**
 * Outcomes that are late, and windows that are still open. F(f) is the share of outcomes that have come when the share
 * f of their window has passed. A trial without an outcome so far counts as a negative of weight
 *   w = F (1 − p) / (1 − p F),
 * p the chance that was served: the expectation step for delayed feedback (Chapelle, 2014; Dempster, Laird & Rubin,
 * 1977). With it the expected gradient is zero at the true chance at every moment, as it is once all windows are closed;
 * positives alone would drive every estimate up. At the window's end w = 1.
 */
export const STEPS: readonly number[] = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1];

/** Share of outcomes in each step where nothing is known yet, and how many outcomes this belief is worth. */
const USUAL: readonly number[] = [0.1, 0.1, 0.12, 0.15, 0.18, 0.18, 0.1, 0.07];
const WORTH = 20;

/** Outcomes of closed windows by the step in which they came. */
export type Delays = readonly number[];

export function stepOf(share: number): number {
  const step = STEPS.findIndex((end) => share <= end);
  return step < 0 ? STEPS.length - 1 : step;
}

/** F when the share of the window has passed; within a step its mean over the step, 1 at the end. */
export function shareArrived(delays: Delays | undefined, share: number): number {
  if (share >= 1) return 1;
  let arrived = 0;
  let total = 0;
  STEPS.forEach((end, step) => {
    const count = (delays?.[step] ?? 0) + WORTH * (USUAL[step] ?? 0);
    total += count;
    if (end <= share) arrived += count;
    else if ((STEPS[step - 1] ?? 0) <= share) arrived += count / 2;
  });
  return total === 0 ? 0 : arrived / total;
}

export function negativeWeight(propensity: number, arrived: number): number {
  return (arrived * (1 - propensity)) / (1 - propensity * arrived);
}

/** When the weight of an open trial changes next: the end of the step that is under way; null after the window. */
export function nextStep(startedAt: Date, closesAt: Date, at: Date): Date | null {
  const start = startedAt.getTime();
  const length = closesAt.getTime() - start;
  for (const end of STEPS) {
    const time = start + end * length;
    if (time > at.getTime()) return new Date(time);
  }
  return null;
}
