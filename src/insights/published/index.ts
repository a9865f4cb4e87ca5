export * from './insight.js';
export { HistoryBuilder, type Order, PurchaseHistories, type PurchaseHistory } from './purchase-history.js';
export { type Publication, type PublishedInsight, PublishedInsights } from './published-insights.js';
export { publishedNumbers } from './numbers.js';
export { publishedFeatures, registeredInsights } from './registered.js';
export { InsightComputer, type InsightTask } from './insight-computer.js';
