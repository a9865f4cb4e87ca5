export * from './decisions/decision.js';
export * from './scoring/propensity-model.js';
export * from './scoring/inputs.js';
export * from './situation.js';
export * from './recommender.module.js';
