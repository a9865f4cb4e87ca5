export * from './ids.js';
export * from './account.js';
export * from './accounts.js';
export * from './team.js';
export * from './offering.js';
export * from './catalogue.js';
export * from './catalogue-editor.js';
export * from './catalogue.module.js';
