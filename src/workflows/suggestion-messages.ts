import type { MemberId } from '../catalogue/index.js';
import type { Message, MessageType } from '../delivery/index.js';
import {
  type RecordedResponse,
  standing,
  type StandingSuggestion,
  type Suggestion,
  type SuggestionResponse,
  type SuggestionState,
} from '../suggestions/index.js';

/** What is told of a suggestion that no longer stands: nothing of what it was about, which not everybody may see. */
export function closedMessage(
  messageId: string,
  type: Extract<MessageType, 'suggestion.withdrawn' | 'suggestion.closed'>,
  { accountId, suggestionId }: Pick<StandingSuggestion, 'accountId' | 'suggestionId'>,
  { state, because, eventId }: { state: SuggestionState; because: string | null; eventId?: string },
  at: Date,
): Message {
  return {
    messageId,
    type,
    occurredAt: at,
    accountId,
    memberIds: [],
    data: {
      suggestionId,
      accountId,
      state,
      because,
      changedAt: at.toISOString(),
      ...(eventId === undefined ? {} : { eventId }),
    },
    notAfter: null,
  };
}

/** What was said about a suggestion; where it is over now, those who see it are told that too. */
export function respondedMessages(
  response: SuggestionResponse,
  after: Suggestion,
  nextId: () => string,
): Message[] {
  const { respondedAt: at } = response;
  const said: Message = {
    messageId: nextId(),
    type: 'suggestion.responded',
    occurredAt: at,
    accountId: after.accountId,
    memberIds: [],
    data: {
      ...identityOf(after),
      responseId: response.responseId,
      kind: response.kind,
      reason: response.reason,
      until: response.until?.toISOString() ?? null,
      note: response.note,
      memberId: response.memberId,
      respondedAt: at.toISOString(),
      state: after.state,
      undone: false,
    },
    notAfter: null,
  };
  if (standing.includes(after.state)) return [said];
  return [said, closedMessage(nextId(), 'suggestion.closed', after, after, at)];
}

/** A response that was taken back, told as the response was. */
export function undoneMessages(
  after: Suggestion,
  { responseId, kind }: Pick<RecordedResponse, 'responseId' | 'kind'>,
  memberId: MemberId | null,
  nextId: () => string,
): Message[] {
  const at = after.changedAt;
  return [
    {
      messageId: nextId(),
      type: 'suggestion.responded',
      occurredAt: at,
      accountId: after.accountId,
      memberIds: [],
      data: {
        ...identityOf(after),
        responseId,
        kind,
        memberId,
        respondedAt: at.toISOString(),
        state: after.state,
        undone: true,
      },
      notAfter: null,
    },
  ];
}

function identityOf(suggestion: Suggestion): Record<string, unknown> {
  const { suggestionId, decisionId, accountId, contactId, channelId, actionId, productId } = suggestion;
  return { suggestionId, decisionId, accountId, contactId, channelId, actionId, productId };
}

/**
 * Suggestions that were not before anybody until now. `seenBy`: who may see what they are about; empty: the whole team.
 * Where some may not, the message says that there is one and not what it is: it is looked up by those who may.
 */
export function createdMessages(
  created: readonly { suggestion: Suggestion; seenBy: readonly MemberId[] }[],
  at: Date,
  nextId: () => string,
): Message[] {
  return created.map(({ suggestion, seenBy }) => ({
    messageId: nextId(),
    type: 'suggestion.created',
    occurredAt: at,
    accountId: suggestion.accountId,
    memberIds: seenBy,
    data:
      seenBy.length > 0
        ? onlyThat(suggestion)
        : {
            ...identityOf(suggestion),
            rank: suggestion.rank,
            action: {
              id: suggestion.actionId,
              name: suggestion.actionName,
              intent: suggestion.intent,
              purpose: suggestion.purpose,
            },
            treatmentId: suggestion.treatmentId,
            contentId: suggestion.contentId,
            performedBy: suggestion.performedBy,
            slot: {
              from: suggestion.slot.from.toISOString(),
              to: suggestion.slot.to.toISOString(),
              timeZone: suggestion.slot.timeZone,
            },
            propensity: suggestion.propensity,
            value: suggestion.value,
            priority: suggestion.priority,
            state: suggestion.state,
            policyEpoch: suggestion.verifiedEpoch,
            verifiedAt: suggestion.verifiedAt.toISOString(),
            expiresAt: suggestion.expiresAt.toISOString(),
          },
    notAfter: suggestion.expiresAt,
  }));
}

function onlyThat({ suggestionId, accountId, state, expiresAt }: Suggestion): Record<string, unknown> {
  return { suggestionId, accountId, state, expiresAt: expiresAt.toISOString() };
}
