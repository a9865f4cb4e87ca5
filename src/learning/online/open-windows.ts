/**
 * Outcomes that are late, and windows that are still open. F(f) is the share of outcomes that have come when the share
 * f of their window has passed. A trial without an outcome so far counts as a negative of weight
 *   w = F (1 − p) / (1 − p F),
 * p the chance that was served: the expectation step for delayed feedback (Chapelle, 2014; Dempster, Laird & Rubin,
 * 1977). With it the expected gradient is zero at the true chance at every moment, as it is once all windows are closed;
 * positives alone would drive every estimate up. At the window's end w = 1.
 */
export const STEPS: readonly number[] = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1];

/** F at the end of each step; the last is 1. */
export type Lateness = readonly number[];

/** Where nothing is known yet, and how many outcomes this belief is worth. */
export const USUAL: Lateness = [0.1, 0.2, 0.32, 0.47, 0.65, 0.83, 0.93, 1];
const WORTH = 20;

/** Outcomes of closed windows by the step in which they came. */
export type Delays = readonly number[];

/** For each step the outcomes that came in it, and those up to its end, of trials that have passed that end. */
export interface Arrivals {
  came: number[];
  upTo: number[];
}

export function stepOf(share: number): number {
  const step = STEPS.findIndex((end) => share <= end);
  return step < 0 ? STEPS.length - 1 : step;
}

/** A closed window has passed every step. */
export function arrivalsOf(closed: Delays | undefined): Arrivals {
  let sum = 0;
  const came = STEPS.map((_, step) => closed?.[step] ?? 0);
  return { came, upTo: came.map((count) => (sum += count)) };
}

/** An outcome that came when the share `came` of its window had passed, of which `passed` has passed by now. */
export function addArrival({ came: counts, upTo }: Arrivals, came: number, passed: number): void {
  const own = stepOf(came);
  for (let step = own; step < STEPS.length && (STEPS[step] as number) <= passed; step += 1) {
    upTo[step] = (upTo[step] as number) + 1;
    if (step === own) counts[step] = (counts[step] as number) + 1;
  }
}

/**
 * F from windows that are closed and from those that are open alike, by the chain ladder (Mack, 1993; the estimate of
 * Lagakos, Barraj & De Gruttola, 1988, for what is seen only because it came in time):
 *   F(step − 1) = F(step) (1 − came / up to), each counted among the trials that have passed the step,
 * drawn towards `usual` with the weight of some outcomes. So the first days say much of the early steps already.
 */
export function latenessOf(arrivals: Arrivals, usual: Lateness = USUAL): Lateness {
  const lateness = STEPS.map(() => 1);
  for (let step = STEPS.length - 1; step > 0; step -= 1) {
    const before = usual[step - 1] as number;
    const until = usual[step] as number;
    const came = (arrivals.came[step] as number) + WORTH * (until - before);
    const upTo = (arrivals.upTo[step] as number) + WORTH * until;
    lateness[step - 1] = (lateness[step] as number) * (1 - came / upTo);
  }
  return lateness;
}

/** F when the share of the window has passed: within a step a straight line. */
export function shareArrived(lateness: Lateness, share: number): number {
  if (share >= 1) return 1;
  const step = stepOf(share);
  const from = STEPS[step - 1] ?? 0;
  const before = lateness[step - 1] ?? 0;
  const part = (Math.max(0, share) - from) / ((STEPS[step] as number) - from);
  return before + part * ((lateness[step] as number) - before);
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
