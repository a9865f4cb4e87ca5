export * from './rule.js';
export * from './history.js';
export * from './contact-policy.module.js';
