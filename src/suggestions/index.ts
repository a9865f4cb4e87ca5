export * from './suggestions.module.js';
