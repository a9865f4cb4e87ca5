export * from './response-hours.js';
export * from './evaluate-send-time.js';
export * from './week-profiles.js';
export * from './next-contact.js';
export * from './hour-profiles.js';
