export * from './open-database.js';
export * from './data-source.js';
export * from './transactions.postgres.js';
export * from './account-lock.postgres.js';
export * from './prepared.postgres.js';
export { copyRows, type CopyType, type CopyValue, encodeRows } from './binary-copy.postgres.js';
export * from './versions.postgres.js';
export * from './database.module.js';
