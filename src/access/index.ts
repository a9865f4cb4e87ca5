export * from './caller.js';
export * from './audit-trail.js';
export * from './keys.js';
export * from './access.module.js';
