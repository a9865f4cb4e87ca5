export * from './rescoring.module.js';
