export * from './message.js';
export * from './outbox.js';
export * from './mailer.js';
export * from './stream/index.js';
export * from './delivery.module.js';
