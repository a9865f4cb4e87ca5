import { Counter } from 'prom-client';
import type { AttemptOutcome } from './send-webhooks.js';

const attempts = new Counter({
  name: 'nba_webhook_attempts_total',
  help: 'Attempts to tell a webhook endpoint, by how they went.',
  labelNames: ['outcome'] as const,
});

export function countAttempt(outcome: AttemptOutcome): void {
  attempts.inc({ outcome });
}
