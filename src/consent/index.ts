export * from './consent.js';
export * from './consent-allows.js';
export * from './compiled-consent.js';
export { describeFact } from './explain-consent.js';
export * from './statement.js';
export * from './links/preference-links.js';
export { unsubscribing } from './links/unsubscribing.js';
export * from './consent.module.js';
