import type { Trial } from '../../outcomes/index.js';
import {
  addArrival,
  type Arrivals,
  arrivalsOf,
  type Delays,
  type Lateness,
  latenessOf,
  shareArrived,
  STEPS,
  stepOf,
} from './open-windows.js';

/** How late outcomes come, for each outcome and each on a channel: from windows that have closed, and from open ones. */
export class OutcomeDelays {
  private readonly closed: Map<string, Delays>;
  private readonly changes = new Map<string, Delays>();
  /** Trials whose windows are open, by name. */
  private readonly open = new Map<string, Trial>();
  /** As of a moment. */
  private readonly known = new Map<string, Lateness>();
  private arrivals: Map<string, Arrivals> | null = null;
  private asOf = 0;

  constructor(stored: ReadonlyMap<string, Delays>) {
    this.closed = new Map(stored);
  }

  moveTo(at: Date): void {
    this.asOf = at.getTime();
    this.known.clear();
    this.arrivals = null;
  }

  /** Counts by key that are to be stored. */
  get changed(): ReadonlyMap<string, Delays> {
    return this.changes;
  }

  written(): void {
    this.changes.clear();
  }

  noteOpen(name: string, trial: Trial): void {
    this.open.set(name, trial);
  }

  forget(name: string): void {
    this.open.delete(name);
  }

  get openTrials(): ReadonlyMap<string, Trial> {
    return this.open;
  }

  noteClosed(trial: Trial): void {
    if (trial.label !== 1 || trial.outcomeAt === null) return;
    const step = stepOf(partOf(trial, trial.outcomeAt.getTime()));
    for (const key of keysOf(trial)) {
      const counts = STEPS.map((_, place) => this.closed.get(key)?.[place] ?? 0);
      counts[step] = (counts[step] ?? 0) + 1;
      this.closed.set(key, counts);
      this.changes.set(key, counts);
    }
  }

  /** Share of the outcomes of such trials that have come after so much of the window as of this one has passed. */
  arrived(trial: Trial): number {
    const [outcome, onChannel] = keysOf(trial);
    return shareArrived(
      this.latenessAt(onChannel, this.latenessAt(outcome)),
      Math.max(0, partOf(trial, this.asOf)),
    );
  }

  /** A channel's own is drawn towards that of the outcome on any channel. */
  private latenessAt(key: string, usual?: Lateness): Lateness {
    let lateness = this.known.get(key);
    if (!lateness) {
      this.arrivals ??= this.countArrivals();
      lateness = latenessOf(this.arrivals.get(key) ?? arrivalsOf(this.closed.get(key)), usual);
      this.known.set(key, lateness);
    }
    return lateness;
  }

  private countArrivals(): Map<string, Arrivals> {
    const found = new Map<string, Arrivals>();
    for (const trial of this.open.values()) {
      if (trial.label !== 1 || trial.outcomeAt === null) continue;
      const came = partOf(trial, trial.outcomeAt.getTime());
      const passed = partOf(trial, this.asOf);
      for (const key of keysOf(trial)) {
        let arrivals = found.get(key);
        if (!arrivals) found.set(key, (arrivals = arrivalsOf(this.closed.get(key))));
        addArrival(arrivals, came, passed);
      }
    }
    return found;
  }
}

function partOf({ startedAt, closesAt }: Trial, time: number): number {
  const length = closesAt.getTime() - startedAt.getTime();
  return length > 0 ? (time - startedAt.getTime()) / length : 1;
}

function keysOf({ outcomeId, channelId }: Trial): readonly [outcome: string, onChannel: string] {
  return [outcomeId, `${outcomeId} on ${channelId}`];
}
