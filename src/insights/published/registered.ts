import type { FeatureDefinition } from '../../features/index.js';
import { lifetimeInsight } from '../lifetime-value/lifetime-insight.js';
import { nextProductInsight } from '../next-product/insight.js';
import type { Insight } from './insight.js';

/** Every insight that is published. One line registers one. */
export const registeredInsights: readonly Insight[] = [lifetimeInsight, nextProductInsight];

/** The features that they publish, in that order. */
export const publishedFeatures: readonly FeatureDefinition[] = registeredInsights.flatMap(
  ({ definitions }) => definitions,
);
