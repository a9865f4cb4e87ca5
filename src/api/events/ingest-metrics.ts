import { Counter } from 'prom-client';
import type { IngestAnswer } from '../../events/index.js';

const events = new Counter({
  name: 'nba_events_received_total',
  help: 'Events and identity calls received over HTTP, by what became of them.',
  labelNames: ['format', 'outcome'] as const,
});

export function countReceived(format: 'native' | 'segment', answer: IngestAnswer): void {
  events.inc({ format, outcome: 'accepted' }, answer.accepted);
  events.inc({ format, outcome: 'duplicate' }, answer.duplicates);
  events.inc({ format, outcome: 'quarantined' }, answer.quarantined.length);
}
