import type { ContactId } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { FeatureReadout, FeatureSet } from './feature-set.js';

/** A moment at which the features of one account are wanted, as seen with one of its contacts. */
export interface ReplayMoment {
  at: Date;
  contactId: ContactId | null;
}

/**
 * What was known at each moment: the fold of the events that had happened before it (`occurredAt < at`) and had reached
 * us (`recordedAt ≤ at`). One pass over one account's events, in any order. `visit` is called in order of time, with
 * the moment's place in `moments`; the readout is good for the duration of that call only.
 */
export function replay(
  featureSet: FeatureSet,
  events: readonly AccountEvent[],
  moments: readonly ReplayMoment[],
  timeZoneOf: (contactId: ContactId | null) => string,
  visit: (readout: FeatureReadout, place: number) => void,
): void {
  const arrivals = events
    .map((event) => ({ event, from: visibleFrom(event) }))
    .sort((a, b) => a.from - b.from);
  const inOrder = moments
    .map((moment, place) => ({ moment, place }))
    .sort((a, b) => a.moment.at.getTime() - b.moment.at.getTime());
  const state = featureSet.empty();
  let next = 0;
  for (const { moment, place } of inOrder) {
    const until = moment.at.getTime();
    for (let arrival = arrivals[next]; arrival && arrival.from <= until; arrival = arrivals[next]) {
      featureSet.fold(state, arrival.event, { timeZone: timeZoneOf(arrival.event.contactId) });
      next += 1;
    }
    visit(featureSet.read(state, moment.contactId, moment.at), place);
  }
}

/** First millisecond at which an event counts: it lies in the past by then, and we have it. */
export function visibleFrom({ occurredAt, recordedAt }: AccountEvent): number {
  return Math.max(recordedAt.getTime(), occurredAt.getTime() + 1);
}
