import type { IncomingItem } from '../../events/index.js';
import { addDays, HOUR } from '../../shared/index.js';
import { actionIdOf, drinks, touchChannel, WITHIN_DAYS } from './catalogue.js';
import type { Entry, Offer } from './rows.js';

/** Hour 0 of the transcript: the last day on which somebody in the profiles became a member. */
export const EPOCH = new Date('2018-07-26T00:00:00Z');

export function timeOf(hour: number): Date {
  return new Date(EPOCH.getTime() + hour * HOUR);
}

/** Sorts as the rows of the file do. */
function messageIdOf(line: number): string {
  return `transcript-${String(line).padStart(7, '0')}`;
}

/** What is known so far of one offer to one person. */
interface Run {
  received: { hour: number; touchId: string }[];
  viewedAt: number | null;
}

/**
 * One person's rows, in file order, as events. A completion names, in `touchIds`, the sendings of its offer that it
 * completes in the sense of DATA.md: received at t, viewed at or after t and before the completion, all within
 * (t, t + 120 h], t included. `viewed` says whether there is one. File order decides within an hour.
 */
export function historyOf(
  personId: string,
  entries: readonly Entry[],
  offers: ReadonlyMap<string, Offer>,
): IncomingItem[] {
  const runs = new Map<string, Run>();
  return entries.map((entry) => {
    const { name, properties } = eventOf(entry, offers, runs);
    return {
      kind: 'event',
      messageId: messageIdOf(entry.line),
      source: 'starbucks',
      occurredAt: timeOf(entry.hour),
      accountId: personId,
      contactId: personId,
      name,
      properties,
    };
  });
}

type NamedEvent = Pick<Extract<IncomingItem, { kind: 'event' }>, 'name' | 'properties'>;

function eventOf(entry: Entry, offers: ReadonlyMap<string, Offer>, runs: Map<string, Run>): NamedEvent {
  if (entry.kind === 'transaction') return { name: 'Order Completed', properties: { value: entry.amount } };
  const offer = offers.get(entry.offerId);
  if (!offer) throw new Error(`unknown offer ${entry.offerId}`);
  const run = runs.get(entry.offerId) ?? { received: [], viewedAt: null };
  runs.set(entry.offerId, run);
  const about = { actionId: actionIdOf(offer), channel: touchChannel(offer), topic: offer.kind };
  if (entry.kind === 'received') {
    const touchId = messageIdOf(entry.line);
    run.received.push({ hour: entry.hour, touchId });
    const { channels } = offer;
    const treatmentId = `${about.actionId}-${about.channel}`;
    return {
      name: 'Message Sent',
      properties: { ...about, treatmentId, touchId, channels, productId: drinks, purpose: 'marketing' },
    };
  }
  if (entry.kind === 'viewed') {
    run.viewedAt = entry.hour;
    return { name: 'Offer Viewed', properties: about };
  }
  const touchIds = completes(run, entry.hour);
  return {
    name: 'Offer Completed',
    properties: { ...about, value: entry.reward, viewed: touchIds.length > 0, touchIds },
  };
}

function completes({ received, viewedAt }: Run, hour: number): string[] {
  if (viewedAt === null) return [];
  const opened = addDays(timeOf(hour), -WITHIN_DAYS);
  return received
    .filter((sending) => sending.hour <= viewedAt && timeOf(sending.hour) >= opened)
    .map(({ touchId }) => touchId);
}
