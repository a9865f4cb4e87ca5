export * from './purchase-summary.js';
export * from './bg-nbd.js';
export * from './pareto-nbd.js';
export * from './gamma-gamma.js';
export * from './evaluate-lifetime.js';
