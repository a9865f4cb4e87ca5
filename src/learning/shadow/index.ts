export * from './challengers.js';
export * from './compare-shadow.js';
export * from './decide-beside.js';
export * from './shadow-book.js';
export * from './shadow-log.js';
export * from './shadow-row.js';
