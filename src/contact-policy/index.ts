export * from './rule.js';
export * from './history.js';
export * from './intended-touch.js';
export { type PolicySurroundings } from './rules/compiled-rule.js';
export * from './check.js';
export * from './would-need.js';
export * from './standard-rules.js';
export * from './contact-rule-book.js';
export * from './contact-policy.module.js';
