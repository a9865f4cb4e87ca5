export * from './caller.js';
export { AuditChain, type ChainProblem, ERASED_SUBJECT, type Verification } from './audit-chain.js';
export * from './audit-trail.js';
export * from './keys.js';
export * from './kept-answers.js';
export * from './role-scopes.js';
export * from './sessions.js';
export * from './sign-in-links.js';
export * from './access.module.js';
