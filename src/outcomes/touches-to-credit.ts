import type { Catalogue, ProductId, TreatmentId } from '../catalogue/index.js';
import { type AccountEvent, touchOfEvent } from '../events/index.js';
import type { CreditableTouch } from './attribution.js';

/** An event as outcomes and their learning read it. */
export type AttributableEvent = AccountEvent;

/**
 * The touches of one account that outcomes can be credited to: those with an action and a channel of the catalogue,
 * oldest first, each once though two systems may tell of it.
 */
export function touchesToCredit(events: readonly AccountEvent[], catalogue: Catalogue): CreditableTouch[] {
  const known = new Set<string>();
  return events
    .flatMap((event): CreditableTouch[] => {
      const touch = touchOfEvent(event, catalogue);
      const action = touch?.actionId ? catalogue.actions.get(touch.actionId) : undefined;
      if (!touch || !action || !catalogue.channels.has(touch.channelId) || known.has(touch.touchId))
        return [];
      known.add(touch.touchId);
      const about = touch.productIds.filter((product) => catalogue.products.has(product));
      const { suggestionId, decisionId } = event.properties;
      return [
        {
          at: touch.at,
          contactId: touch.contactId,
          actionId: action.actionId,
          channelId: touch.channelId,
          treatmentId: treatmentOf(event, action.actionId, catalogue),
          productIds: about.length > 0 ? about : action.productIds,
          outcomeId: action.outcomeId,
          touchId: touch.touchId,
          suggestionId: typeof suggestionId === 'string' ? suggestionId : null,
          decisionId: typeof decisionId === 'string' ? decisionId : null,
        },
      ];
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** The treatment that the event names; else the action's only one on that channel. */
function treatmentOf(event: AccountEvent, actionId: CreditableTouch['actionId'], catalogue: Catalogue) {
  const treatments = catalogue.treatments.get(actionId) ?? [];
  const named = event.properties.treatmentId as TreatmentId | undefined;
  if (named !== undefined && treatments.some(({ treatmentId }) => treatmentId === named)) return named;
  const here = treatments.filter(({ channelId }) => channelId === event.properties.channel);
  return here.length === 1 ? (here[0]?.treatmentId ?? null) : null;
}

/** The one product that a touch stands for when it is scored as a candidate: a candidate has one. */
export function productOf(touch: CreditableTouch): ProductId | null {
  return touch.productIds[0] ?? null;
}
