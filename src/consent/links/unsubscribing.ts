import type { Channel, ChannelId } from '../../catalogue/index.js';
import type { ConsentFact } from '../consent.js';
import type { ConsentStatement } from '../statement.js';
import type { LinkSubject } from './preference-links.js';

/**
 * What one click on the link of a mail says: no more for the purpose of that mail, on its channel and on every channel of
 * kind email. What stands already is not said again, however often the link is followed.
 */
export function unsubscribing(
  { channelId, purpose, touchId }: LinkSubject,
  channels: ReadonlyMap<ChannelId, Channel>,
  known: readonly ConsentFact[],
): ConsentStatement[] {
  const stopped = [...channels.values()].filter((one) => one.kind === 'email' || one.channelId === channelId);
  return stopped
    .filter((channel) => !stands(known, channel.channelId, purpose))
    .map((channel) => ({
      channelId: channel.channelId,
      purpose,
      status: 'withdrawn',
      source: 'link',
      proof: `link in touch ${touchId}`,
    }));
}

/** Whether the last word on just this is a withdrawal without end. */
function stands(
  facts: readonly ConsentFact[],
  channelId: ChannelId,
  purpose: LinkSubject['purpose'],
): boolean {
  const last = facts
    .filter((fact) => fact.productId === null && fact.topic === null)
    .filter((fact) => [channelId, '*'].includes(fact.channelId) && [purpose, '*'].includes(fact.purpose))
    .reduce<ConsentFact | null>(
      (latest, fact) => (latest !== null && latest.effectiveAt > fact.effectiveAt ? latest : fact),
      null,
    );
  return last?.status === 'withdrawn' && last.expiresAt === null && last.purpose === purpose;
}
