export * from './logged-decision.js';
export * from './estimators.js';
export * from './intervals.js';
export * from './evaluate-policy.js';
export * from './evaluation-policy.js';
export * from './exported-decision.js';
