export * from './jobs.module.js';
export * from './queues.module.js';
