export type { Purchase, Purchases } from './purchases.js';
export { NextProduct } from './next-product.js';
export type { NextProductOf } from './weighing.js';
export {
  evaluateNextProduct,
  judgeRanking,
  type NextProductEvaluation,
  type NextProductProtocol,
  type NextProductSplit,
  type PeerRanking,
  peerScores,
  splitPurchases,
} from './evaluate-next-product.js';
export type { RankingMetrics } from './ranking-metrics.js';
export type { RankingIntervals } from './ranking-intervals.js';
export { type NextProductSettings, standardNextProduct } from './settings.js';
