import type { InputSchema, ScoringCase } from './propensity-model.js';

/**
 * By what a whole catalogue is valued once its effects are known: the chance that a suggestion *adds*, in place of the
 * chance of what follows it. Who would have bought anyway is then no reason to suggest.
 */
export abstract class IncrementalHead {
  abstract readonly version: string;
  /** Whether it reads the inputs of the model that serves. */
  abstract reads(schema: InputSchema | null): boolean;
  /** One a candidate, beside its propensity: what suggesting adds to the chance of its outcome. May be below 0. */
  abstract effects(one: ScoringCase, propensities: Float32Array): Float32Array;
}

/** Which head serves; null: actions are valued by propensity. */
export abstract class IncrementalValue {
  abstract current(): Promise<IncrementalHead | null>;
}
