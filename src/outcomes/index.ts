export * from './outcome.js';
export * from './attribution.js';
export * from './touches-to-credit.js';
export * from './outcomes.module.js';
