import { Counter } from 'prom-client';
import { ShadowCounts } from './shadow-decisions.js';

const counters = {
  decisions: new Counter({
    name: 'nba_shadow_decisions_total',
    help: 'Decisions that a model in shadow made beside the champion.',
  }),
  errors: new Counter({
    name: 'nba_shadow_errors_total',
    help: 'Decisions that a model in shadow could not make, or that could not be written.',
  }),
  skipped: new Counter({
    name: 'nba_shadow_skipped_total',
    help: 'Decisions that a model in shadow was not asked about, since too many waited.',
  }),
  seconds: new Counter({
    name: 'nba_shadow_seconds_total',
    help: 'Seconds of the thread that models in shadow took.',
  }),
};

export class PrometheusShadowCounts extends ShadowCounts {
  count(what: keyof typeof counters, more: number): void {
    counters[what].inc(more);
  }
}
