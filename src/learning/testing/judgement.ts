import type { GateJudgement } from '../evaluation/gate/index.js';

/** What a log of 5,000 decisions could say of a challenger, as far as a test names it. */
export function judgement(given: Partial<GateJudgement>): GateJudgement {
  return {
    verdict: 'no-worse',
    decisions: 5000,
    accounts: 900,
    inShadow: 0,
    championValue: 12,
    difference: { value: 0.01, low: -0.1, high: 0.12 },
    margin: 0.24,
    worseSegments: [],
    calibrationGap: { value: 0.001, low: -0.01, high: 0.012 },
    calibrated: true,
    decisionsNeeded: 1700,
    ...given,
  };
}
