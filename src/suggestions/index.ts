export * from './suggestion.js';
export * from './suggestion-book.js';
export * from './responding.js';
export * from './reasons.js';
export * from './wording/wording.js';
export * from './tasks/index.js';
export * from './suggestions.module.js';
