export * from './policy-contrast.js';
export * from './judge-challenger.js';
