import type { Catalogue, MemberId } from '../catalogue/index.js';
import type { Telling } from '../events/index.js';
import type { StandingSuggestion } from './suggestion.js';

/** What the customer was told before about what a suggestion is about. */
export interface AlreadyTold {
  at: Date;
  channelId: string | null;
  contactId: string | null;
  memberId: MemberId | null;
  /** What it was called, in the words of those who told it; null where nobody named it. */
  title: string | null;
  /** Name of the event. */
  name: string;
  topics: readonly string[];
  eventId: string;
}

/** Of each suggestion, the newest. */
const SHOWN = 5;

/**
 * What was told to anybody of the account about one of the suggestion's topics or products, the newest first.
 * `isHidden` says which topics the reader may not see: what touches one of them is left out whole.
 */
export function alreadyTold(
  { topics, productIds }: Pick<StandingSuggestion, 'topics' | 'productIds'>,
  tellings: readonly Telling[],
  catalogue: Pick<Catalogue, 'actions' | 'content' | 'treatments'>,
  isHidden: (telling: Telling) => boolean,
): AlreadyTold[] {
  return tellings
    .filter(
      (telling) =>
        (telling.topics.some((topic) => topics.includes(topic)) ||
          telling.productIds.some((id) => productIds.includes(id))) &&
        !isHidden(telling),
    )
    .slice(0, SHOWN)
    .map((telling) => ({
      at: telling.at,
      channelId: telling.channelId,
      contactId: telling.contactId,
      memberId: telling.memberId,
      title: titleOf(telling, catalogue),
      name: telling.name,
      topics: telling.topics,
      eventId: telling.eventId,
    }));
}

function titleOf(
  { properties }: Telling,
  { actions, content, treatments }: Pick<Catalogue, 'actions' | 'content' | 'treatments'>,
): string | null {
  const said = properties['title'] ?? properties['subject'];
  if (typeof said === 'string' && said !== '') return said;
  const action = [...actions.values()].find(({ actionId }) => actionId === properties.actionId);
  const treatment = action
    ? treatments.get(action.actionId)?.find(({ treatmentId }) => treatmentId === properties.treatmentId)
    : undefined;
  const read = [...content.values()].find(({ contentId }) => contentId === properties.contentId);
  return treatment?.title ?? read?.title ?? action?.name ?? null;
}
