export * from './ids.js';
export * from './clock.js';
export * from './rng.js';
export * from './hash.js';
export * from './result.js';
export * from './expression.js';
export * from './transactions.js';
