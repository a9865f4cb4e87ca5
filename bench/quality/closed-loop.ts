import { liveTerritory } from '../../src/demo/index.js';
import { type Estimate, resampled } from '../../src/learning/index.js';
import { seededRng } from '../../src/shared/index.js';
import { type FirstModel, type Loop, type LoopResult, policies, type PolicyName, runLoop } from './closed-loop-policies.js';
import type { Figure, Findings } from './figures.js';
import { type Installation, newInstallation } from './installation.js';

const UNTIL = new Date('2026-03-01T12:00:00Z');
const SEED = 'territory-1';
/** What the first model learns from: a company that begins has a month and a half, not years. */
const HISTORY_DAYS = 45;
const DAYS = 60;
const LAST_DAYS = 20;
const TRAIN_EVERY_DAYS = 14;
const RESAMPLES = 2000;
const NAMES = Object.keys(policies) as PolicyName[];

/**
 * The simulated territory goes on for 60 days after its history, once for each policy, with the same doctors on the same
 * days. The service itself decides, on the territory's clock; the doctors answer by the known truth.
 */
export async function measureClosedLoop(
  installation: Installation,
  seed: string | null = null,
): Promise<Findings> {
  const named = seed ?? SEED;
  const results = new Map<PolicyName, LoopResult>();
  let first: FirstModel | null = null;
  for (const policy of NAMES) {
    process.stderr.write(`${policy}: ${policies[policy]}\n`);
    // a history of its own for each: the doctors remember what was done to them
    const lived = liveTerritory(UNTIL, { seed: named, days: HISTORY_DAYS });
    const loop: Loop = { lived, days: DAYS, seed: named, trainEveryDays: TRAIN_EVERY_DAYS };
    const own = newInstallation(installation.config.dataDir);
    try {
      const ran = await runLoop(own, policy, loop, first);
      first = ran.first;
      results.set(policy, ran.result);
    } finally {
      own.remove();
    }
  }
  return findingsOf(results, named);
}

function findingsOf(results: ReadonlyMap<PolicyName, LoopResult>, seed: string): Findings {
  const whole = (): boolean => true;
  const late = ({ day }: { day: number }): boolean => day >= DAYS - LAST_DAYS;
  return {
    importing: { historyDays: HISTORY_DAYS, until: UNTIL.toISOString(), seed },
    split: { days: DAYS, lastDays: LAST_DAYS, trainedAnewEveryDays: TRAIN_EVERY_DAYS },
    training: Object.fromEntries(
      [...results].map(([policy, { earned, opportunities, promotions, headVersions }]) => [
        policy,
        { what: policies[policy], opportunities: opportunities.length, touches: earned.length, promotions, daysWithANewHead: headVersions, ...calibrationOf(earned) },
      ]),
    ),
    figures: [
      figure(`reward per touch, all ${DAYS} days`, results, { counts: whole, worth: 'expected', per: 'touch' }),
      figure(`reward per touch, the last ${LAST_DAYS} days`, results, { counts: late, worth: 'expected', per: 'touch' }),
      figure(`reward per touch as it happened, all ${DAYS} days`, results, { counts: whole, worth: 'realised', per: 'touch' }),
      figure(`reward per opportunity, all ${DAYS} days`, results, { counts: whole, worth: 'expected', per: 'opportunity' }),
      figure(`reward per opportunity, the last ${LAST_DAYS} days`, results, { counts: late, worth: 'expected', per: 'opportunity' }),
    ],
    rescoring: null,
    notes: [
      'Reward of a touch: true chance of its action’s outcome × the action’s value − cost of the touch, in euros; the third figure has what happened instead of the chance. Opportunities in which nothing was worth doing are no touches.',
      'Reward per opportunity: the same rewards over all chances to touch somebody, taken or not, which are the same ones for all policies. A policy that leaves out more of them has more per touch and may earn less.',
      'Intervals resample accounts, the same ones for all policies: those of differences are paired.',
      'All policies are the service itself in this process: its database, features, contact policy and exploration. Doctors, opportunities and what happens by itself are the same; what touches change differs.',
    ],
  };
}

/** How the propensities that were served compare with the truth. */
function calibrationOf(earned: LoopResult['earned']): Record<string, number> {
  const mean = (of: (one: LoopResult['earned'][number]) => number) =>
    earned.reduce((sum, one) => sum + of(one), 0) / Math.max(1, earned.length);
  return {
    meanPropensityServed: mean(({ predicted }) => predicted),
    meanTrueChance: mean(({ chance }) => chance),
    rootMeanSquareError: Math.sqrt(mean(({ predicted, chance }) => (predicted - chance) ** 2)),
    rewardInAll: earned.reduce((sum, { expected }) => sum + expected, 0),
  };
}

interface Measure {
  counts: (one: { day: number }) => boolean;
  worth: 'expected' | 'realised';
  /** What the rewards are divided by. */
  per: 'touch' | 'opportunity';
}

function figure(what: string, results: ReadonlyMap<PolicyName, LoopResult>, measure: Measure): Figure {
  const sums = sumsByAccount(results, measure);
  const perTouch = NAMES.map((_, place) => (totals: Float64Array) => (totals[2 * place] ?? 0) / (totals[2 * place + 1] ?? 0));
  const [ours] = perTouch;
  const differences = perTouch
    .slice(1)
    .map((theirs) => (totals: Float64Array) => (ours?.(totals) ?? NaN) - theirs(totals));
  const estimates = resampled(sums, [...perTouch, ...differences], seededRng(`closed-loop:${what}`), RESAMPLES);
  const [engine, ...rest] = estimates;
  return {
    what,
    ours: engine?.value ?? null,
    better: 'higher',
    on: dividedBy(results.get('engine'), measure).length,
    ...(engine ? { interval: intervalOf(engine) } : {}),
    references: NAMES.slice(1).map((name, place) => ({
      name,
      value: rest[place]?.value ?? null,
      from: 'this run' as const,
      ...(rest[NAMES.length - 1 + place] ? { difference: intervalOf(rest[NAMES.length - 1 + place] as Estimate) } : {}),
    })),
  };
}

function intervalOf({ low, high }: Estimate): { low: number | null; high: number | null } {
  return { low, high };
}

function dividedBy(result: LoopResult | undefined, { counts, per }: Measure): { accountId: string }[] {
  return (per === 'touch' ? result?.earned : result?.opportunities)?.filter(counts) ?? [];
}

/** For each account and policy: sum of rewards, and number of touches or opportunities. */
function sumsByAccount(
  results: ReadonlyMap<PolicyName, LoopResult>,
  measure: Measure,
): { width: number; sums: Float64Array } {
  const places = new Map<string, number>();
  const width = 2 * NAMES.length;
  const rows: number[][] = [];
  const add = (accountId: string, column: number, by: number): void => {
    const place = places.get(accountId) ?? places.size;
    places.set(accountId, place);
    const row = (rows[place] ??= Array.from({ length: width }, () => 0));
    row[column] = (row[column] ?? 0) + by;
  };
  NAMES.forEach((name, policy) => {
    const result = results.get(name);
    for (const earned of result?.earned.filter(measure.counts) ?? []) add(earned.accountId, 2 * policy, earned[measure.worth]);
    for (const { accountId } of dividedBy(result, measure)) add(accountId, 2 * policy + 1, 1);
  });
  return { width, sums: Float64Array.from(rows.flat()) };
}
