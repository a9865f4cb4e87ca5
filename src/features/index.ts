export * from './definitions/definition.js';
export * from './feature-set.js';
export * from './features.module.js';
