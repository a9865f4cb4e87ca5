export * from './consent.js';
export * from './consent.module.js';
