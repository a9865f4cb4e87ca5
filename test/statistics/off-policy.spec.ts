import { describe, expect, it } from '@jest/globals';
import {
  type EstimatorName,
  estimators,
  evaluatePolicy,
  type LoggedDecision,
  type OffPolicySettings,
  resampled,
  standardOffPolicy,
} from '../../src/learning/evaluation/off-policy/index.js';
import { clusterSums } from '../../src/learning/evaluation/off-policy/evaluate-policy.js';
import { drawIndex, gaussian, type Rng, seededRng } from '../../src/shared/index.js';

const ACTIONS = 4;

/**
 * Accounts with a few decisions each and a taste of their own, so that decisions of one account are alike. The
 * regression is off by a constant for one action.
 */
function log(rng: Rng, accounts: number): { decisions: LoggedDecision[] } {
  const decisions: LoggedDecision[] = [];
  for (let account = 0; account < accounts; account += 1) {
    const taste = 0.3 * gaussian(rng);
    const context = rng.next();
    for (let count = 0; count < 3; count += 1) {
      const logging = Array.from({ length: ACTIONS }, (_none, action) => (action === 0 ? 0.55 : 0.15));
      const evaluation = Array.from({ length: ACTIONS }, (_none, action) => (action === 1 ? 0.7 : 0.1));
      const chance = (action: number) => 1 / (1 + Math.exp(1 - 0.6 * action * context - taste));
      const regression = (action: number) => 0.3 + 0.1 * action * context + (action === 2 ? 0.15 : 0);
      const action = drawIndex(rng, logging);
      decisions.push({
        account: `a${account}`,
        reward: rng.next() < chance(action) ? 1 : 0,
        inclusionProbability: logging[action] ?? 0,
        evaluationProbability: evaluation[action] ?? 0,
        expectedOfLogged: regression(action),
        expectedUnderEvaluation: evaluation.reduce((sum, p, other) => sum + p * regression(other), 0),
      });
    }
  }
  return { decisions };
}

/** Small enough that clipping and switching do something. */
const settings: OffPolicySettings = { clip: 3, switchTau: 3 };
const names = Object.keys(estimators) as EstimatorName[];

function judged(rng: Rng, accounts: number, resamples: number) {
  const { decisions } = log(rng, accounts);
  const [width, functions] = [7, names.map((name) => (t: Float64Array) => estimators[name](totals(t)))];
  const sums = clusterSums(decisions, settings);
  expect(sums.width).toBe(width);
  return resampled(sums, functions, rng, resamples);
}

const totals = (t: Float64Array) => ({
  decisions: t[0]!,
  weight: t[1]!,
  weighted: t[2]!,
  clipped: t[3]!,
  expected: t[4]!,
  residual: t[5]!,
  switched: t[6]!,
});

describe('off-policy estimates on logs with a known truth', () => {
  const LOGS = 1000;
  const rng = seededRng('coverage of off-policy intervals');
  const logs = Array.from({ length: LOGS }, () => judged(rng, 100, 300));
  const expectation = new Map(
    names.map((name, place) => [name, logs.reduce((sum, log) => sum + (log[place]?.value ?? NaN), 0) / LOGS]),
  );

  it.each(names)('covers its own expectation with 93 to 97 % of the intervals of %s', (name) => {
    const place = names.indexOf(name);
    const centre = expectation.get(name) ?? NaN;
    const covered = logs.filter((log) => {
      const { low, high } = log[place] ?? {};
      return (low ?? Infinity) <= centre && centre <= (high ?? -Infinity);
    });
    expect(covered.length / LOGS).toBeGreaterThanOrEqual(0.93);
    expect(covered.length / LOGS).toBeLessThanOrEqual(0.97);
  });

  it('lands on the truth with the unbiased ones, and off it with clipping and with a regression that is off', () => {
    const truth = trueValue();
    for (const name of ['ips', 'snips', 'doublyRobust', 'selfNormalisedDoublyRobust'] as const)
      expect(Math.abs((expectation.get(name) ?? NaN) - truth)).toBeLessThan(0.006);
    expect(Math.abs((expectation.get('ipsClipped') ?? NaN) - truth)).toBeGreaterThan(0.05);
    expect(Math.abs((expectation.get('directMethod') ?? NaN) - truth)).toBeGreaterThan(0.01);
  });
});

/** Value of the evaluation policy by drawing from it. */
function trueValue(): number {
  const rng = seededRng('truth of the evaluation policy');
  const draws = 100_000;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const taste = 0.3 * gaussian(rng);
    const context = rng.next();
    for (let action = 0; action < ACTIONS; action += 1)
      sum += (action === 1 ? 0.7 : 0.1) / (1 + Math.exp(1 - 0.6 * action * context - taste));
  }
  return sum / draws;
}

describe('judging a policy', () => {
  const decision: LoggedDecision = {
    account: null,
    reward: 1,
    inclusionProbability: 0.5,
    evaluationProbability: 1,
    expectedOfLogged: null,
    expectedUnderEvaluation: null,
  };

  it('gives the same for the same seed', () => {
    const { decisions } = log(seededRng('once'), 60);
    const judge = () => evaluatePolicy(decisions, seededRng('seed'), standardOffPolicy);
    expect(judge()).toEqual(judge());
  });

  it('has no direct and doubly robust estimate without a regression', () => {
    const value = evaluatePolicy([decision, { ...decision, reward: 0 }], seededRng('none'));
    expect(value.ips.value).toBe(1);
    expect(value.directMethod).toEqual({ value: null, low: null, high: null });
    expect(value.switchDoublyRobust.value).toBeNull();
  });

  it('has no self-normalised estimate where the log never did what the policy would do', () => {
    const value = evaluatePolicy([{ ...decision, evaluationProbability: 0 }], seededRng('never'));
    expect(value.snips).toEqual({ value: null, low: null, high: null });
    expect(value.ips.value).toBe(0);
  });

  it('has wider intervals where the decisions of an account are alike', () => {
    const rows = Array.from({ length: 300 }, (_none, row): LoggedDecision => ({
      ...decision,
      account: `a${Math.floor(row / 30)}`,
      reward: Math.floor(row / 30) % 2,
    }));
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high ?? 0) - (low ?? 0);
    const together = evaluatePolicy(rows, seededRng('alike')).ips;
    const apart = evaluatePolicy(
      rows.map((row) => ({ ...row, account: null })),
      seededRng('alike'),
    ).ips;
    expect(width(together)).toBeGreaterThan(3 * width(apart));
  });
});
