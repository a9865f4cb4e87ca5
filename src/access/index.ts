export * from './caller.js';
export * from './access.module.js';
