import type { IncomingItem } from '../events/index.js';
import { pick, seededRng } from '../shared/index.js';
import { SOURCE } from './diary.js';
import { contentIdOf, medicines, topics } from './offering.js';
import { ADA_JONES, households } from './people.js';
import { SEED } from './territory.js';

/**
 * What somebody of the territory reads while one looks on, the n-th time since the service runs. The first is Dr. Jones,
 * once more about side effects; the others read what chance leads them to. `accounts`: only of the last so many.
 */
export function readingNow(
  n: number,
  at: Date,
  { seed = SEED, accounts }: { seed?: string; accounts?: number } = {},
): IncomingItem {
  const rng = seededRng(`${seed}:live:${at.getTime()}:${n}`);
  const homes = households(seed).slice(accounts === undefined ? 0 : -accounts);
  const jones = homes
    .flatMap(({ doctors }) => doctors)
    .find(({ contact }) => contact.contactId === ADA_JONES);
  const { doctors } = pick(rng, homes);
  const doctor = n === 0 && jones ? jones : pick(rng, doctors);
  const medicine = n === 0 ? 'cardelin' : pick(rng, medicines).id;
  const topic = n === 0 ? 'side-effects' : pick(rng, topics);
  return {
    kind: 'event',
    messageId: `live-${at.getTime()}-${n}`,
    source: SOURCE,
    occurredAt: at,
    accountId: doctor.accountId,
    contactId: doctor.contact.contactId,
    name: 'Page Viewed',
    properties: {
      channel: 'web',
      productId: medicine,
      topic,
      contentId: contentIdOf(medicine, topic),
      url: `https://territory.example/${medicine}/${topic}`,
    },
  };
}
