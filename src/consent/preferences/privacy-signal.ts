import type { Channel, ChannelId, ContactId } from '../../catalogue/index.js';
import type { ConsentFact } from '../consent.js';
import type { ConsentStatement } from '../statement.js';

/** How a fact is known that a browser stated by Global Privacy Control: its only value. */
export const PRIVACY_SIGNAL = 'Sec-GPC: 1';

/**
 * What a browser's Global Privacy Control says of its contact: what we know of her is not shared for advertising, so no
 * advert reaches her, for whatever purpose. It says nothing of messages of our own. Said once for each channel of kind
 * advert: what she herself says later, with the signal still on, stands.
 */
export function privacySignal(
  contactId: ContactId,
  channels: ReadonlyMap<ChannelId, Channel>,
  known: readonly ConsentFact[],
  proof: string,
): ConsentStatement[] {
  const said = new Set(
    known
      .filter((fact) => fact.contactId === contactId && fact.wording === PRIVACY_SIGNAL)
      .map(({ channelId }) => channelId),
  );
  return [...channels.values()]
    .filter(({ kind, channelId }) => kind === 'advert' && !said.has(channelId))
    .map(({ channelId }) => ({
      channelId,
      purpose: '*',
      status: 'withdrawn',
      source: 'contact',
      wording: PRIVACY_SIGNAL,
      proof,
    }));
}
