export * from './digest-content.js';
export * from './digest-links.js';
export * from './digest-mail.js';
export * from './digest-period.js';
export * from './digest-setting.js';
export * from './digests.js';
export * from './digests.module.js';
