export * from './logged-decision.js';
export * from './estimators.js';
export * from './intervals.js';
export * from './evaluate-policy.js';
