export * from './jobs.module.js';
