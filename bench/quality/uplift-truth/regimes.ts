import { gaussian, type Rng } from '../../../src/shared/index.js';
import { corner, landscape, type Scaled, standardised } from './landscape.js';

export const logistic = (value: number) => 1 / (1 + Math.exp(-value));
const logit = (chance: number) => Math.log(chance / (1 - chance));

/** What a regime is told: the chances without treatment, the people, and how large the mean effect is to be about. */
export interface Ground {
  columns: readonly Scaled[];
  /** Chance of the outcome without treatment. */
  chances: Float64Array;
  /** Mean effect aimed at, as a share of the mean chance. */
  relative: number;
  rng: Rng;
}

/** How effects lie among people; each gives the chances under treatment. */
export const regimes = {
  'as risk': ({ chances, relative }) => chances.map((chance) => chance * (1 + relative)),
  'same odds': ({ chances, relative }) => chances.map((chance) => logistic(logit(chance) + relative)),
  'against risk': ({ columns, chances, relative, rng }) => {
    const risk = standardised(chances.map(logit));
    const aside = landscape(columns, 3, 0, rng);
    return shifted(
      chances,
      (row) => relative * (1 - 0.6 * (risk[row] as number) + 0.3 * (aside[row] as number)),
    );
  },
  'one property': ({ columns, chances, relative, rng }) => {
    const among = corner(columns, 0.3 + 0.3 * rng.next(), rng);
    return shifted(chances, (row) => relative * (0.4 + 1.4 * (among[row] as number)));
  },
  'many properties': ({ columns, chances, relative, rng }) => {
    const along = landscape(columns, columns.length, 1, rng);
    return shifted(chances, (row) => relative * (1 + 0.7 * (along[row] as number)));
  },
  'few strong': ({ columns, chances, relative, rng }) => {
    const share = 0.08 + 0.12 * rng.next();
    const among = corner(columns, share, rng);
    return shifted(chances, (row) => relative * (0.25 + (0.9 / Math.sqrt(share)) * (among[row] as number)));
  },
  'aside from risk': ({ columns, chances, relative, rng }) => {
    const along = landscape(columns, 4, 1, rng);
    const mean = chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
    return chances.map((chance, row) => chance + relative * mean * (1 + 0.6 * (along[row] as number)));
  },
  'hardly any': ({ columns, chances, rng }) => {
    const along = landscape(columns, 3, 0, rng);
    const mean = 0.04 * gaussian(rng);
    return shifted(chances, (row) => mean + 0.05 * (along[row] as number));
  },
} satisfies Record<string, (ground: Ground) => Float64Array>;

export type Regime = keyof typeof regimes;
export const regimeNames = Object.keys(regimes) as Regime[];

function shifted(chances: Float64Array, by: (row: number) => number): Float64Array {
  return chances.map((chance, row) => logistic(logit(chance) + by(row)));
}
