import type { Channel } from '../../catalogue/index.js';
import type { Considered, ContactView } from '../candidates/considered.js';
import type { Ranking } from './arbitrate.js';

/**
 * The list of suggestions: the drawn one, then the best of the others. No action twice on a channel; a contact is not
 * suggested twice on one channel while anything else is left.
 */
export function fillPlaces(first: Considered, ranked: Ranking, places: number): Considered[] {
  const placed = [first];
  const actions = new Set([first.onChannel]);
  const contacts = new Map<ContactView, Set<Channel>>([[first.view, new Set([first.variant.offer.channel])]]);
  for (const onNewChannels of [true, false]) {
    const nextBest = ranked.walk(({ columns, view }, place) => {
      if (actions.has(columns.onChannel[place] as number)) return false;
      if (!onNewChannels) return true;
      const channel = columns.channels[columns.channelOf[place] as number] as Channel;
      return contacts.get(view)?.has(channel) !== true;
    });
    while (placed.length < places) {
      const next = nextBest();
      if (!next) break;
      const { view, variant, onChannel } = next;
      placed.push(next);
      actions.add(onChannel);
      const channels = contacts.get(view);
      if (channels) channels.add(variant.offer.channel);
      else contacts.set(view, new Set([variant.offer.channel]));
    }
  }
  return placed;
}
