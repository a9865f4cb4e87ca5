import type { Channel } from '../../catalogue/index.js';
import type { Considered, ContactView } from '../candidates/considered.js';

/**
 * The list of suggestions: the drawn one, then the best of the others. No action twice on a channel; a contact is not
 * suggested twice on one channel while anything else is left.
 */
export function fillPlaces(first: Considered, ranked: readonly Considered[], places: number): Considered[] {
  const placed = [first];
  const actions = new Set([first.variant.offer.onChannel]);
  const contacts = new Map<ContactView, Set<Channel>>();
  const isOn = ({ view, variant: { offer } }: Considered) => contacts.get(view)?.has(offer.channel) === true;
  const place = (candidate: Considered): void => {
    const { view, variant } = candidate;
    actions.add(variant.offer.onChannel);
    const channels = contacts.get(view);
    if (channels) channels.add(variant.offer.channel);
    else contacts.set(view, new Set([variant.offer.channel]));
  };
  place(first);
  const pass = (accepts: (candidate: Considered) => boolean): void => {
    for (const candidate of ranked) {
      if (placed.length >= places) return;
      if (!accepts(candidate) || actions.has(candidate.variant.offer.onChannel)) continue;
      placed.push(candidate);
      place(candidate);
    }
  };
  pass((candidate) => !isOn(candidate));
  pass(() => true);
  return placed;
}
