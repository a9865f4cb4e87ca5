export * from './jobs.module.js';
export * from './queues.module.js';
export { END } from './shard-helpers.worker.js';
export * from './shard-work.module.js';
