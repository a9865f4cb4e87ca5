import type { FeatureDefinition } from './definition.js';
import { activityFeatures, interestFeatures } from './standard-activity.js';
import { buyingFeatures } from './standard-buying.js';
import { relationshipFeatures } from './standard-relationship.js';
import { rateFeatures, responseFeatures } from './standard-responses.js';
import { touchFeatures } from './standard-touches.js';

/** The features that every deployment has, for any trade. */
export const standardFeatures: readonly FeatureDefinition[] = [
  ...activityFeatures,
  ...interestFeatures,
  ...buyingFeatures,
  ...touchFeatures,
  ...responseFeatures,
  ...rateFeatures,
  ...relationshipFeatures,
];
