export type { Purchase } from './purchases.js';
export { NextProduct, type NextProductOf, type NextProductWeights } from './next-product.js';
export {
  evaluateNextProduct,
  judgeRanking,
  type NextProductEvaluation,
  type NextProductProtocol,
  type NextProductSplit,
  peerScores,
  splitPurchases,
} from './evaluate-next-product.js';
export type { RankingMetrics } from './ranking-metrics.js';
export { type NextProductSettings, standardNextProduct } from './settings.js';
