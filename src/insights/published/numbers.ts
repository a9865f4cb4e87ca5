import type { PublishedNumbers } from '../../features/index.js';
import type { InsightNumbers } from './insight.js';

const NO_KEYS: readonly string[] = [];

/** Numbers of several insights read as one; undefined where nothing is published. Nothing is copied. */
export function publishedNumbers(insights: readonly InsightNumbers[]): PublishedNumbers | undefined {
  const [only, ...others] = insights;
  if (only === undefined) return undefined;
  const numbers: InsightNumbers = others.length === 0 ? only : Object.assign({}, only, ...others);
  return {
    value(name, key) {
      const found = numbers[name];
      if (key === undefined) return typeof found === 'number' ? found : undefined;
      const value = typeof found === 'object' ? (found as Readonly<Record<string, number>>)[key] : undefined;
      return typeof value === 'number' ? value : undefined;
    },
    keys(name) {
      const found = numbers[name];
      return typeof found === 'object' ? Object.keys(found) : NO_KEYS;
    },
  };
}
