import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estimate, PolicyValue } from '../../src/learning/index.js';
import { type Figure, type Findings, published } from './figures.js';
import { type Installation, printed } from './installation.js';

const LOGS = ['random-men', 'bts-men', 'random-women', 'bts-women'] as const;

/** Our names of the estimates, and those of the expected file. */
const NAMES = {
  ips: 'ips',
  ipsClipped: 'ips_clipped_at_10',
  snips: 'snips',
  directMethod: 'direct_method',
  doublyRobust: 'doubly_robust',
  selfNormalisedDoublyRobust: 'self_normalised_doubly_robust',
} as const satisfies Partial<Record<keyof PolicyValue, string>>;

const ROUNDS = 10_000;
const EQUAL_WITHIN = 1e-9;

/** `nba evaluate ope` on the same inputs as the Open Bandit Pipeline: values are to be equal, not better. */
export async function measureOpenBandit(installation: Installation): Promise<Findings> {
  const folder = join(installation.config.dataDir, 'open-bandit');
  const expected = JSON.parse(readFileSync(join(folder, 'ope-expected.json'), 'utf8')) as Record<
    string,
    Record<string, number>
  >;
  const figures: Figure[] = [];
  let furthest = 0;
  for (const log of LOGS) {
    const input = join(folder, `ope-${log}.csv.gz`);
    const value = printed<PolicyValue>(await installation.nba(['evaluate', 'ope', '--input', input, '--json']));
    for (const [ours, theirs] of Object.entries(NAMES)) {
      const estimate: Estimate = value[ours as keyof typeof NAMES];
      const reference = expected[log]?.[theirs] ?? NaN;
      const difference = Math.abs((estimate.value ?? NaN) - reference);
      if (!(difference <= EQUAL_WITHIN))
        throw new Error(`${log}: ${ours} is ${estimate.value}, expected ${reference}`);
      furthest = Math.max(furthest, difference);
      figures.push({
        what: `${log}, ${ours}`,
        ours: estimate.value,
        better: 'higher',
        on: ROUNDS,
        interval: { low: estimate.low, high: estimate.high },
        references: [published('Open Bandit Pipeline', reference)],
      });
    }
  }
  return {
    importing: {},
    split: { logs: LOGS.join(', '), rounds: ROUNDS },
    training: null,
    figures,
    rescoring: null,
    notes: [
      `Largest absolute difference from what the Open Bandit Pipeline computes from the same inputs: ${furthest.toExponential(2)}. The run fails when one is above ${EQUAL_WITHIN}.`,
      'Equality is what is asked for; a higher value is not better. The intervals are ours (accounts are not in these files, so rounds are resampled).',
      'The switch estimate has no counterpart in the expected file; its formula is tested on synthetic logs (test/statistics/off-policy.spec.ts).',
    ],
  };
}
