import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estimate } from '../../src/learning/index.js';
import { cloneRoot } from '../../src/main.js';
import { sha256 } from '../../src/shared/index.js';
import type { Figure, Reference } from './figures.js';

/** The settings of the response model's training as they are committed; a test holds the file equal to what trains. */
const FILE = 'bench/quality/settings/response-model.json';

export function trainingSettings(): { file: string; sha256: string } {
  return { file: FILE, sha256: sha256(readFileSync(join(cloneRoot(), FILE), 'utf8')) };
}

export function intervalOf(estimate: Estimate | undefined): Pick<Figure, 'interval'> {
  return estimate ? { interval: { low: estimate.low, high: estimate.high } } : {};
}

/** By how much ours is ahead: where lower is better the other way round. */
export function differenceOf(
  estimate: Estimate | undefined,
  lowerIsBetter: boolean,
): Pick<Reference, 'difference'> {
  if (!estimate || estimate.low === null || estimate.high === null) return {};
  const { low, high } = estimate;
  return { difference: lowerIsBetter ? { low: -high, high: -low } : { low, high } };
}
