export * from './published/index.js';
export * from './doubles/index.js';
export * from './lifetime-value/index.js';
export * from './next-product/index.js';
export * from './timing/index.js';
export * from './insights.module.js';
