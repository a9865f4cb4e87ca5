import type { FoldedKindName, SpecOf } from '../definitions/definition.js';
import { count } from './count.js';
import { decayedSum } from './decayed-sum.js';
import { diversity } from './diversity.js';
import { histogram } from './histogram.js';
import type { FeatureKind } from './kind.js';
import { mean } from './mean.js';
import { pace } from './pace.js';
import { rate } from './rate.js';
import { recency } from './recency.js';
import { stage } from './stage.js';
import { tenure } from './tenure.js';

/** Every kind has its code here; a kind left out does not compile. */
export const featureKinds: { [Kind in FoldedKindName]: FeatureKind<SpecOf<Kind>> } = {
  count,
  'decayed-sum': decayedSum,
  recency,
  tenure,
  rate,
  mean,
  pace,
  histogram,
  diversity,
  stage,
};
