export * from './workflows.module.js';
export * from './rebuild-account.js';
export * from './account-locks.js';
export * from './record-consent.js';
export * from './edit-contact-rules.js';
