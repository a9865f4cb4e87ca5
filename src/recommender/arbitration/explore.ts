import { drawIndex, seededRng } from '../../shared/index.js';
import { type Considered, tiers } from '../candidates/considered.js';
import type { Ranking } from './arbitrate.js';
import type { ExplorationSettings } from '../situation.js';
import { inverseGapWeights } from './inverse-gap.js';

/** The draw for the first place. The last arm is *no action*. */
export interface Draw {
  /** Null is *no action*, at priority zero. */
  arms: (Considered | null)[];
  probabilities: number[];
  chosen: number;
  /** Inverse-gap weighting's gamma, as it was used. */
  gamma: number;
  /** The arms' inputs as the model read them, encoded. */
  snapshot: Uint8Array;
}

/**
 * Arms: the best candidates of the highest tier, distinct by action and channel, and *no action*. Chance does not put
 * background before a need. A mandatory candidate takes the first place with probability 1; the arms beside it have
 * none. `pack` keeps those for which the record has room. `certainty` (1 or more) is a factor on gamma: the more is known
 * of the arms, the less is explored.
 */
export function explore(
  ranked: Ranking,
  settings: ExplorationSettings,
  seed: string,
  pack: (arms: readonly Considered[]) => { count: number; snapshot: Uint8Array },
  certainty: (arms: readonly Considered[]) => number = () => 1,
): Draw {
  const rivals = distinctArms(ranked, settings.maxArms);
  const { count, snapshot } = pack(rivals);
  const arms = [...rivals.slice(0, count), null];
  const gamma = settings.gamma * certainty(rivals);
  const probabilities = probabilitiesOf(arms, { ...settings, gamma });
  return { arms, probabilities, chosen: drawIndex(seededRng(seed), probabilities), gamma, snapshot };
}

function probabilitiesOf(arms: readonly (Considered | null)[], settings: ExplorationSettings): number[] {
  const [best] = arms;
  if (!best) return [1];
  if (best.tier === tiers.mandatory) return arms.map((_, index) => (index === 0 ? 1 : 0));
  return inverseGapWeights(
    arms.map((arm) => arm?.priority ?? 0),
    settings,
  );
}

/** Arms of one tier; behind a mandatory one the others are kept, for the record of what stood beside it. */
function distinctArms(ranked: Ranking, most: number): Considered[] {
  const arms: Considered[] = [];
  const seen = new Set<number>();
  const nextBest = ranked.walk(({ columns }, place) => !seen.has(columns.onChannel[place] as number));
  while (arms.length < most) {
    const next = nextBest();
    const [best] = arms;
    if (!next || (best && best.tier !== tiers.mandatory && next.tier !== best.tier)) break;
    seen.add(next.onChannel);
    arms.push(next);
  }
  return arms;
}
