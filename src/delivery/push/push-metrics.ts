import { Counter } from 'prom-client';
import type { PushEnd } from './push-deliveries.js';

const pushes = new Counter({
  name: 'nba_push_attempts_total',
  help: 'Pushes to devices of members that were taken in hand, by what became of them.',
  labelNames: ['outcome'] as const,
});

export function countPush(state: PushEnd['state']): void {
  pushes.inc({ outcome: state });
}
