export * from './outcome.js';
export * from './attribution.js';
export * from './touches-to-credit.js';
export * from './outcomes.module.js';
export * from './trial.js';
export * from './trial-book.js';
