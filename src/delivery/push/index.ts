export * from './push-check.js';
export * from './push-deliveries.js';
export * from './push-devices.js';
export { pushKinds, type PushKind, type PushNote, type PushPayload } from './push-note.js';
export { PUSH_CHANNEL, PushSink } from './push-sink.postgres.js';
export * from './push-subscription.js';
export * from './send-pushes.js';
export * from './push.module.js';
