export * from './task.js';
export * from './task-book.js';
export * from './assign.js';
export * from './due.js';
export * from './promises.js';
export * from './task-message.js';
export * from './account-brief.js';
