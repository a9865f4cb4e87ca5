import type { Decision, DecisionLog } from '../recommender/index.js';

const AT_ONCE = 500;

/** The decision log of a time in [from, to), by account and then time, some hundreds at once. */
export async function* decisionPages(
  log: DecisionLog,
  range: { from: Date; to: Date },
): AsyncGenerator<Decision[]> {
  let last: Decision | null = null;
  for (;;) {
    const page: Decision[] = await log.page(range, last, AT_ONCE);
    if (page.length > 0) yield page;
    last = page.at(-1) ?? null;
    if (page.length < AT_ONCE || last === null) return;
  }
}
