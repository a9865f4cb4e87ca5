import type { CandidateKeys, CrossCells } from './candidate-inputs.js';
import type { AccountInputs, CandidateInputs } from './propensity-model.js';

/**
 * Variants of a catalogue as a model's schema reads them. The same object as long as catalogue and model stay, so that
 * what a model prepares for the variants can be kept under it.
 */
export interface VariantCrosses {
  cells: CrossCells;
  keys: readonly CandidateKeys[];
  /** By variant: for each cross the cell that it reads, −1 where it has no such key. */
  places: readonly Int32Array[];
}

/** One account with one contact, and the variants that are to be scored for it. */
export interface VariantCase {
  account: AccountInputs;
  variants: VariantCrosses;
  /** Values of the cells for this account and contact, NaN where unknown. */
  values: Float32Array;
  /** Places of the variants to score. */
  open: Uint32Array;
  /** By place: to be filled with propensities in (0, 1). */
  propensities: Float32Array;
  /** By place, 0: to be filled with what was added to the logit since the model's training. */
  corrections: Float32Array;
  /** By place, what the hour in which it would be carried out adds to the logit, as `hoursOf` said; absent: nothing. */
  moments?: Float32Array;
}

/** One variant's inputs for an account, from the values of all cells. */
export function inputsAt(
  { cells, keys, places }: VariantCrosses,
  values: Float32Array,
  place: number,
): CandidateInputs {
  const own = keys[place];
  const read = places[place];
  if (!own || !read) throw new RangeError(`There is no variant ${place} of ${keys.length}`);
  return {
    actionId: own.actionId,
    channelId: own.channelId,
    treatmentId: own.treatmentId,
    productId: own.productId,
    topics: own.topics,
    intent: own.intent,
    purpose: own.purpose,
    outcomeId: own.outcomeId,
    channelKind: own.channelKind,
    crosses: cells.crossesAt(read, values),
  };
}
