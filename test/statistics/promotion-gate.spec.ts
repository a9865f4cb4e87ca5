import { describe, expect, it } from '@jest/globals';
import {
  type GateVerdict,
  judgeChallenger,
  type PolicyContrast,
  standardGate,
} from '../../src/learning/evaluation/gate/index.js';
import { inverseGapWeights } from '../../src/recommender/index.js';
import { drawIndex, gaussian, type Rng, seededRng } from '../../src/shared/index.js';

/** Decisions that the log must hold for the stated power: here and in docs/models.md. */
const DECISIONS = 2600;
const DECISIONS_AN_ACCOUNT = 4;
const TRIALS = 200;
const ARMS = 6;
const WORTH = 100;
const COST = 4;
const settings = { ...standardGate, resamples: 200 };
const draw = { mode: 'squarecb', gamma: 40, floor: 0.005 } as const;

/** What one decision could come to: true chances of the arms, and what the champion thinks of them. */
interface Situation {
  chances: number[];
  champion: number[];
  /** The champion's own, what an oracle and what its opposite would draw: the last arm is no action. */
  drawnBy: { champion: number[]; oracle: number[]; opposite: number[] };
}

const worth = (chance: number) => WORTH * chance - COST;
const probabilities = (priorities: readonly number[]) => inverseGapWeights([...priorities, 0], draw);

/** `taste` is the account's own, so that its decisions are alike. */
function situation(rng: Rng, taste: number): Situation {
  const chances = Array.from({ length: ARMS }, () => 1 / (1 + Math.exp(0.5 - taste - 0.7 * gaussian(rng))));
  const champion = chances.map((chance) => chance * Math.exp(0.5 * gaussian(rng)));
  return {
    chances,
    champion,
    drawnBy: {
      champion: probabilities(champion.map(worth)),
      oracle: probabilities(chances.map(worth)),
      opposite: probabilities(chances.map((chance) => worth(0.9 - chance))),
    },
  };
}

const under = (weights: readonly number[], chances: readonly number[]) =>
  chances.reduce((sum, chance, arm) => sum + (weights[arm] ?? 0) * worth(chance), 0);

/** All accounts that there are, each with the situations of its decisions: a log draws some of them. */
const POPULATION = 4000;
const population = (() => {
  const rng = seededRng('population of the gate');
  return Array.from({ length: POPULATION }, () => {
    const taste = 0.3 * gaussian(rng);
    return Array.from({ length: DECISIONS_AN_ACCOUNT }, () => situation(rng, taste));
  });
})();

const worthOf = (policy: keyof Situation['drawnBy']) => {
  const all = population.flat();
  return all.reduce((sum, { chances, drawnBy }) => sum + under(drawnBy[policy], chances), 0) / all.length;
};
const EFFECT = 0.05 * worthOf('champion');

/** A challenger that in some decisions draws as an oracle would, or as its opposite, to earn 5 % more, or less. */
function challenger(other: 'oracle' | 'opposite') {
  const share = EFFECT / Math.abs(worthOf(other) - worthOf('champion'));
  return population.map((situations) =>
    situations.map(({ chances, champion, drawnBy }) => {
      const logged = drawnBy.champion;
      const weights = logged.map((chance, arm) => (1 - share) * chance + share * (drawnBy[other][arm] ?? 0));
      return {
        logged,
        weights,
        chances,
        champion,
        expectedUnderChampion: under(logged, champion),
        expectedUnderChallenger: under(weights, champion),
      };
    }),
  );
}

/** The champion's log of some accounts, beside what the challenger would have done in place of it. */
function log(rng: Rng, situations: ReturnType<typeof challenger>): PolicyContrast[] {
  return Array.from({ length: DECISIONS / DECISIONS_AN_ACCOUNT }, (_none, place) => {
    const account = situations[Math.floor(rng.next() * POPULATION)] ?? [];
    const segment = place % 3 === 0 ? 'large' : 'small';
    return account.map((one): PolicyContrast => {
      const taken = drawIndex(rng, one.logged);
      const chance = one.chances[taken] ?? 0;
      const happened = rng.next() < chance;
      const isAction = taken !== ARMS;
      return {
        account: `a${place}`,
        segment,
        inShadow: false,
        expectedUnderChampion: one.expectedUnderChampion,
        expectedUnderChallenger: one.expectedUnderChallenger,
        reward: isAction ? (happened ? WORTH : 0) - COST : 0,
        weight: (one.weights[taken] ?? 0) / (one.logged[taken] ?? NaN),
        expectedOfLogged: isAction ? worth(one.champion[taken] ?? 0) : 0,
        response: isAction ? { predicted: chance, happened } : null,
      };
    });
  }).flat();
}

function verdictsOver(kind: 'better' | 'worse') {
  const situations = challenger(kind === 'better' ? 'oracle' : 'opposite');
  return Array.from({ length: TRIALS }, (_none, trial) => {
    const rng = seededRng(`gate:${kind}:${trial}`);
    return judgeChallenger(log(rng, situations), rng, settings);
  });
}

const accepted: readonly GateVerdict[] = ['better', 'no-worse'];

describe(`the gate of promotion, over ${TRIALS} logs of ${DECISIONS} decisions`, () => {
  const judgements = { better: verdictsOver('better'), worse: verdictsOver('worse') };

  it('refuses a policy that is 5 % worse in at least 95 % of them', () => {
    const refused = judgements.worse.filter(({ verdict }) => !accepted.includes(verdict));
    expect(refused.length / TRIALS).toBeGreaterThanOrEqual(0.95);
  });

  it('accepts one that is 5 % better in at least 80 % of them, judged by segments and calibration too', () => {
    const passed = judgements.better.filter(
      ({ verdict, worseSegments, calibrated }) =>
        accepted.includes(verdict) && worseSegments.length === 0 && calibrated,
    );
    expect(passed.length / TRIALS).toBeGreaterThanOrEqual(0.8);
  });

  it('has intervals that hold the true difference', () => {
    const covered = judgements.better.filter(
      ({ difference: { low, high } }) => (low ?? NaN) <= EFFECT && EFFECT <= (high ?? NaN),
    );
    expect(covered.length / TRIALS).toBeGreaterThanOrEqual(0.9);
  });

  it('says how many decisions would tell 5 %, near what the trials took', () => {
    const needed = judgements.better
      .map(({ decisionsNeeded }) => decisionsNeeded ?? NaN)
      .sort((a, b) => a - b);
    expect(needed[TRIALS / 2]).toBeGreaterThan(DECISIONS / 3);
    expect(needed[TRIALS / 2]).toBeLessThan(DECISIONS * 3);
  });
});
