import { parentPort, workerData } from 'node:worker_threads';
import type { AccountInsight } from './insight.js';
import { batchesOf, type InsightTask } from './insight-computer.js';

export type ComputedMessage = { kind: 'batch'; accounts: readonly AccountInsight[] } | { kind: 'done' };

const tell = (message: ComputedMessage): void => parentPort?.postMessage(message);

for (const accounts of batchesOf(workerData as InsightTask)) tell({ kind: 'batch', accounts });
tell({ kind: 'done' });
