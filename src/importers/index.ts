export * from './failure.js';
export * from './plan.js';
export * from './starbucks/source.fs.js';
export * from './pega/source.fs.js';
export * from './online-retail/source.fs.js';
export * from './run-import.js';
export * from './import-target.js';
