import { describe, expect, it } from '@jest/globals';
import { type LoggedRound, replayBandit, standardReplay } from '../../src/learning/index.js';
import { gaussian, integerBelow, seededRng } from '../../src/shared/index.js';

const ACTIONS = 5;

/** A uniformly logged bandit whose best action depends on two numbers and a category. */
function log(rounds: number, seed: string, informative = true): LoggedRound[] {
  const rng = seededRng(seed);
  return Array.from({ length: rounds }, () => {
    const numbers = [5 + 2 * gaussian(rng), gaussian(rng)];
    const group = integerBelow(rng, 3);
    const action = integerBelow(rng, ACTIONS);
    const pull = [numbers[1]!, -numbers[1]!, group === 0 ? 1.5 : -0.5, (numbers[0]! - 5) / 2, 0][action]!;
    const chance = 1 / (1 + Math.exp(1.5 - (informative ? 1.3 * pull : 0)));
    return {
      action: `a${action}`,
      reward: rng.next() < chance ? 1 : 0,
      numbers,
      categories: [`g${group}`],
    };
  });
}

const settings = (seed: string) => ({ ...standardReplay, seed });

describe('the replay of a bandit log', () => {
  it('learns which action suits whom: half as much again as chance, and more later than at first', () => {
    const rounds = log(12_000, 'informative');
    const replay = replayBandit(rounds, settings('1'));
    expect(replay.accepted).toBeGreaterThan(2000);
    expect(replay.first800 ?? 0).toBeGreaterThan(1.25 * replay.logged);
    expect(replay.meanReward ?? 0).toBeGreaterThan(1.5 * replay.logged);
    expect(replay.meanReward ?? 0).toBeGreaterThan(replay.first800 ?? 0);
  }, 120_000);

  it('finds the few inputs that tell among many that do not', () => {
    const rng = seededRng('noise beside');
    const rounds = log(12_000, 'informative').map((round) => ({
      ...round,
      numbers: [...round.numbers, ...Array.from({ length: 48 }, () => gaussian(rng))],
    }));
    const replay = replayBandit(rounds, settings('1'));
    expect(replay.meanReward ?? 0).toBeGreaterThan(1.4 * replay.logged);
  }, 120_000);

  it('earns what chance earns where there is nothing to learn', () => {
    const replay = replayBandit(log(6000, 'noise', false), settings('1'));
    expect(Math.abs((replay.meanReward ?? 0) - replay.logged)).toBeLessThan(0.04);
  }, 60_000);

  it('gives the same for the same seed and another for another', () => {
    const rounds = log(1500, 'seeds');
    expect(replayBandit(rounds, settings('1'))).toEqual(replayBandit(rounds, settings('1')));
    expect(replayBandit(rounds, settings('1')).accepted).not.toBe(
      replayBandit(rounds, settings('2')).accepted,
    );
  });

  it('refuses a log of one action', () => {
    expect(() => replayBandit(log(1, 'one'), settings('1'))).toThrow('two actions');
  });
});
