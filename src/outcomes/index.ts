export * from './outcomes.module.js';
