import type { Alert } from '../alerts/index.js';
import type { MemberId } from '../catalogue/index.js';
import type { Message } from '../delivery/index.js';
import type { Suggestion } from '../suggestions/index.js';

/**
 * An alert as it is told to members and machines. It is told at once; `heldUntil` and `joinedTo` say that it should not
 * disturb: what makes a telephone ring or writes a mail waits, or leaves it to the alert that it is joined to.
 */
export function alertMessage(
  messageId: string,
  alert: Alert,
  suggestion: Suggestion | null,
  to: readonly MemberId[],
  at: Date,
): Message {
  return {
    messageId,
    type: 'alert.raised',
    occurredAt: at,
    accountId: alert.accountId,
    memberIds: to,
    data: {
      alertId: alert.alertId,
      ruleId: alert.ruleId,
      raisedAt: alert.raisedAt.toISOString(),
      accountId: alert.accountId,
      contactId: alert.contactId,
      memberId: alert.memberId,
      priority: alert.priority,
      title: alert.title,
      message: alert.message,
      evidence: alert.evidence.map(({ eventId, name, at: when }) => ({
        eventId,
        name,
        at: when.toISOString(),
      })),
      suggestion: suggestion && toldSuggestion(suggestion),
      because: alert.because,
      state: alert.state,
      validUntil: alert.validUntil.toISOString(),
      heldUntil: alert.heldUntil?.toISOString() ?? null,
      joinedTo: alert.joinedTo,
      escalatedTo: alert.escalatedTo,
    },
    notAfter: alert.validUntil,
  };
}

function toldSuggestion(suggestion: Suggestion): Record<string, unknown> {
  const { suggestionId, rank, treatmentId, productId, contentId, channelId, contactId } = suggestion;
  const { slot, propensity, value, priority, inclusionProbability } = suggestion;
  return {
    suggestionId,
    rank,
    action: {
      id: suggestion.actionId,
      name: suggestion.actionName,
      intent: suggestion.intent,
      purpose: suggestion.purpose,
    },
    treatmentId,
    productId,
    contentId,
    channelId,
    contactId,
    performedBy: suggestion.performedBy,
    slot: { from: slot.from.toISOString(), to: slot.to.toISOString(), timeZone: slot.timeZone },
    propensity,
    value,
    priority,
    inclusionProbability,
    state: suggestion.state,
    verifiedAt: suggestion.verifiedAt.toISOString(),
    expiresAt: suggestion.expiresAt.toISOString(),
  };
}
