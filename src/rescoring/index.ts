export * from './run.js';
export * from './rescoring-runs.js';
export * from './rescoring.js';
export * from './rescoring.module.js';
