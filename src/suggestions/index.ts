export * from './suggestion.js';
export * from './suggestions.module.js';
