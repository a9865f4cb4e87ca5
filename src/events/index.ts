export * from './incoming.js';
export * from './event.js';
export * from './touches/touch.js';
export * from './events.module.js';
