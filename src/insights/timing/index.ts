export * from './response-hours.js';
export * from './evaluate-send-time.js';
