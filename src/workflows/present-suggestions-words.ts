import type { Reason } from '../recommender/index.js';
import { headlineOf, type Suggestion, wordReason } from '../suggestions/index.js';
import type { Presentation } from './present-suggestions.js';

/** How all that a suggestion names by id is called; null where it names none, or none is known. */
export interface SuggestionNames {
  account: string | null;
  contact: string | null;
  channel: string | null;
  product: string | null;
  content: string | null;
  member: string | null;
}

export function namesIn(
  { accountId, contactId, channelId, productId, contentId, performedBy }: Suggestion,
  { names, catalogue }: Presentation,
): SuggestionNames {
  const account = names.accounts.get(accountId) ?? null;
  const person = contactId === (accountId as string) ? account : null;
  return {
    account,
    contact: names.contacts.get(contactId) ?? person,
    channel: catalogue.channels.get(channelId)?.name ?? null,
    product: productId === null ? null : (catalogue.products.get(productId)?.name ?? null),
    content: contentId === null ? null : (catalogue.content.get(contentId)?.title ?? null),
    member: performedBy.memberId === null ? null : (names.members.get(performedBy.memberId) ?? null),
  };
}

/** What to do, with whom, about what and when, in the language of a locale (BCP 47). */
export function headlineText(
  suggestion: Suggestion,
  presentation: Presentation,
  locale: string | null,
): string {
  const { actionId, actionName, channelId, contactId, intent, performedBy, slot } = suggestion;
  const { catalogue, now } = presentation;
  const names = namesIn(suggestion, presentation);
  return headlineOf(
    {
      channelKind: catalogue.channels.get(channelId)?.kind,
      channel: names.channel ?? channelId,
      automatic: performedBy.role === 'automatic',
      contact: names.contact ?? contactId,
      intent,
      action: actionName,
      topics: catalogue.actions.get(actionId)?.topics ?? [],
      product: names.product,
      slot,
    },
    { locale, now },
  );
}

/** A reason of a suggestion as a sentence. */
export function reasonText(
  reason: Reason,
  { accountId, slot }: Suggestion,
  { names, now }: Presentation,
  locale: string | null,
): string {
  const account = names.accounts.get(accountId) ?? null;
  const contact = (contactId: string) =>
    names.contacts.get(contactId as Suggestion['contactId']) ??
    (contactId === (accountId as string) ? account : null);
  return wordReason(reason, { locale, timeZone: slot.timeZone, now }, { contact, account });
}
