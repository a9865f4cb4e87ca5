import { drawIndex, seededRng } from '../../shared/index.js';
import { inverseGapWeights } from '../arbitration/inverse-gap.js';
import type { Decision } from './decision.js';

/** What the log says must come out again. */
export interface ReplayedChoice {
  probabilities: number[];
  chosen: number;
}

/** The draw for the first place once more, from nothing but the logged priorities, rule and seed. */
export function replayChoice({ arms, draw, seed }: Pick<Decision, 'arms' | 'draw' | 'seed'>): ReplayedChoice {
  const priorities = arms.map(({ candidate }) => candidate?.priority ?? 0);
  const probabilities =
    draw.mode === 'mandatory' || arms.length === 1
      ? priorities.map((_, index) => (index === 0 ? 1 : 0))
      : inverseGapWeights(priorities, { ...draw, mode: draw.mode });
  return { probabilities, chosen: drawIndex(seededRng(seed), probabilities) };
}
