import type { Considered } from '../candidates/considered.js';
import { actionOnChannel } from './explore.js';

/**
 * The list of suggestions: the drawn one, then the best of the others. No action twice on a channel; a contact is not
 * suggested twice on one channel while anything else is left.
 */
export function fillPlaces(first: Considered, ranked: readonly Considered[], places: number): Considered[] {
  const placed = [first];
  const actions = new Set([actionOnChannel(first)]);
  const contacts = new Set([contactOnChannel(first)]);
  const pass = (accepts: (candidate: Considered) => boolean): void => {
    for (const candidate of ranked) {
      if (placed.length >= places) return;
      if (actions.has(actionOnChannel(candidate)) || !accepts(candidate)) continue;
      placed.push(candidate);
      actions.add(actionOnChannel(candidate));
      contacts.add(contactOnChannel(candidate));
    }
  };
  pass((candidate) => !contacts.has(contactOnChannel(candidate)));
  pass(() => true);
  return placed;
}

function contactOnChannel({ view, variant }: Considered): string {
  return `${view.contact.contactId}\u0000${variant.offer.channel.channelId}`;
}
