export * from './message.js';
export * from './outbox.js';
export * from './mailer.js';
export { OUTBOX_CHANNEL } from './outbox.postgres.js';
export * from './relay.js';
export * from './relay-wake.postgres.js';
export * from './stream/index.js';
export * from './webhooks/index.js';
export * from './delivery.module.js';
