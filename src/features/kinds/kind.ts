/** Numbers of many slots side by side; a slot is found by its offset. */
export type Slots = Float64Array;

/**
 * A kind of feature: how events become a slot of numbers, and a slot becomes a value. Folding and merging are
 * commutative and associative, so that neither order nor batching matters. Times are Unix milliseconds.
 */
export interface FeatureKind<Spec> {
  /** The slot before any event; its length is the width of every slot of this kind. */
  readonly initial: readonly number[];
  /** `value` is what contributions.ts takes from the event for this kind. */
  fold(slots: Slots, offset: number, time: number, value: number, spec: Spec): void;
  /** Adds the slot of disjoint events to the first one. */
  merge(into: Slots, offset: number, from: Slots, fromOffset: number, spec: Spec): void;
  /** Undefined: nothing is known. Events later than `at` (a skewed clock) count as of `at`. */
  read(slots: Slots, offset: number, at: number, spec: Spec): number | undefined;
  /** What an expression sees when nothing is known. */
  natural(spec: Spec): number;
}

/** A number of a slot. Offsets come from the compiled layout, so that a miss is a broken layout. */
export function at(slots: Slots, index: number): number {
  return slots[index] as number;
}
