import type { ContactId } from '../../catalogue/index.js';
import type { Lowering } from '../situation.js';
import type { Offer } from './compiled-catalogue.js';

/** However often it was dismissed, so much is left: what everybody buys now is not lost for ever. */
export const LEAST_LEFT = 0.05;

/** What of the account's lowerings concerns one offer to one contact; null when nothing does. */
export function loweringsOfOffer(
  lowerings: readonly Lowering[] | undefined,
  { product, channel }: Pick<Offer, 'product' | 'channel'>,
  contactId: ContactId,
): readonly Lowering[] | null {
  if (!lowerings || lowerings.length === 0) return null;
  const own = lowerings.filter(
    (one) =>
      (one.contactId === null || one.contactId === contactId) &&
      (one.productId === null || one.productId === product?.productId) &&
      (one.channelId === null || one.channelId === channel.channelId),
  );
  return own.length > 0 ? own : null;
}

/** Their product, not below `LEAST_LEFT`. */
export function factorOf(lowered: readonly Lowering[] | null): number {
  if (!lowered) return 1;
  return Math.max(
    LEAST_LEFT,
    lowered.reduce((product, { factor }) => product * factor, 1),
  );
}
