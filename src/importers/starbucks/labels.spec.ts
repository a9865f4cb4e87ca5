import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Catalogue, OutcomeDefinition } from '../../catalogue/index.js';
import type { AccountEvent, IncomingItem } from '../../events/index.js';
import { compileOutcome, labelsOf, touchesToCredit } from '../../outcomes/index.js';
import type { CatalogueStep } from '../plan.js';
import { starbucksCatalogue } from './catalogue.js';
import { historyOf } from './history.js';
import type { Entry, Offer } from './rows.js';

const bogo: Offer = {
  offerId: 'bogo',
  kind: 'bogo',
  reward: 10,
  difficulty: 10,
  durationDays: 7,
  channels: ['email', 'mobile', 'social'],
};
const note: Offer = {
  offerId: 'note',
  kind: 'informational',
  reward: 0,
  difficulty: 0,
  durationDays: 4,
  channels: ['web', 'email', 'mobile'],
};
const offers = new Map([bogo, note].map((offer) => [offer.offerId, offer]));
const WINDOW_HOURS = 120;

/** Units of DATA.md, straight from the rows: o received at t, (t, t + 120 h] with t included, file order within an hour. */
function unitsByTheBook(entries: readonly Entry[]): { view: number; complete: number | null }[] {
  return entries.flatMap((received) => {
    if (received.kind !== 'received') return [];
    const inWindow = entries.filter(
      (entry) =>
        entry.kind !== 'transaction' &&
        entry.offerId === received.offerId &&
        entry.hour >= received.hour &&
        entry.hour <= received.hour + WINDOW_HOURS,
    );
    const view = inWindow.find(({ kind }) => kind === 'viewed');
    const completed = inWindow.some(({ kind, line }) => kind === 'completed' && view && line > view.line);
    const asked = received.offerId === 'bogo';
    return [{ view: view ? 1 : 0, complete: asked ? (completed ? 1 : 0) : null }];
  });
}

function catalogueOf(steps: readonly CatalogueStep[]): Catalogue {
  const map = <Kind extends CatalogueStep['kind']>(kind: Kind, id: string) =>
    new Map(
      steps
        .filter((step) => step.kind === kind)
        .flatMap(({ records }) => records.map((record) => [(record as never)[id], record] as const)),
    ) as never;
  return {
    version: 1,
    products: map('products', 'productId'),
    content: new Map(),
    channels: map('channels', 'channelId'),
    outcomes: map('outcome-definitions', 'outcomeId'),
    actions: map('actions', 'actionId'),
    treatments: new Map(),
    schemas: { account: {}, contact: {} },
  };
}

function eventOf(item: IncomingItem): AccountEvent {
  if (item.kind !== 'event') throw new Error('only events');
  const { kind: _, ...event } = item;
  const ids = { eventId: item.messageId, anonymousId: null, memberId: null };
  return { ...event, ...ids, recordedAt: item.occurredAt, origin: 'import' } as never;
}

const catalogue = catalogueOf(starbucksCatalogue([...offers.values()]));
const definitions: OutcomeDefinition[] = [...catalogue.outcomes.values()];

/** The same units, by the events and outcome definitions of the import. */
function unitsOfTheProduct(entries: readonly Entry[]): { view: number; complete: number | null }[] {
  const events = historyOf('p1', entries, offers).map(eventOf);
  const touches = touchesToCredit(events, catalogue);
  const heads = definitions.map(({ outcomeId }) => outcomeId as string);
  const labels = labelsOf(touches, events, [], definitions.map(compileOutcome), new Date('2030-01-01'));
  return labels.map((label) => {
    const complete = label[heads.indexOf('complete')] ?? NaN;
    return { view: label[heads.indexOf('view')] ?? NaN, complete: Number.isNaN(complete) ? null : complete };
  });
}

/** As in the file: sorted by hour, and an hour begins with what was received in it. */
function rowsOf(steps: readonly { wait: number; kind: string; offerId: string }[]): Entry[] {
  let hour = 0;
  const timed = steps.map(({ wait, ...rest }) => ({ ...rest, hour: (hour += wait) }));
  const last = (kind: string): number => (kind === 'received' ? 0 : 1);
  timed.sort((a, b) => a.hour - b.hour || last(a.kind) - last(b.kind));
  return timed.map(({ hour, kind, offerId }, index): Entry => {
    const at = { line: index + 1, hour };
    if (kind === 'transaction') return { ...at, kind, amount: 5 };
    return { ...at, kind: kind as 'received', offerId, reward: 0 };
  });
}

const step = fc.record({
  wait: fc.constantFrom(0, 0, 6, 24, 72, 120, 126),
  kind: fc.constantFrom('received', 'viewed', 'completed', 'transaction'),
  offerId: fc.constantFrom('bogo', 'note'),
});

describe('labels from the imported events', () => {
  it('are those of DATA.md, whatever a person was sent, viewed and completed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const entries = rowsOf(steps);
        expect(unitsOfTheProduct(entries)).toEqual(unitsByTheBook(entries));
      }),
      { numRuns: 500 },
    );
  });
});
