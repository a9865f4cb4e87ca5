export * from './stream-entry.js';
export { STREAM_DAYS, StreamLog } from './stream-log.js';
export { STREAM_CHANNEL } from './stream-bell.postgres.js';
export { PostgresStreamSink } from './stream-sink.postgres.js';
export { type Frame, LiveStream, type Reader } from './live-stream.js';
export { StreamModule } from './stream.module.js';
