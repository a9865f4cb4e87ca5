export * from './learning.module.js';
