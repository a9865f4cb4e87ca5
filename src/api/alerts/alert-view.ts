import type { AlertState, ListedAlert } from '../../alerts/index.js';
import { becauseIn, type Suggestion } from '../../suggestions/index.js';
import type { SuggestionView } from '../recommendations/suggestion-view.js';

/** An alert as the API shows it. */
export interface AlertView {
  alertId: string;
  ruleId: string;
  raisedAt: Date;
  accountId: string;
  contactId: string | null;
  memberId: string | null;
  priority: number;
  title: string;
  message: string;
  evidence: ListedAlert['evidence'];
  suggestion: SuggestionView | null;
  /** Why there is no suggestion, or no longer. */
  because: string | null;
  state: AlertState;
  validUntil: Date;
  decisionId: string | null;
  heldUntil: Date | null;
  joinedTo: string | null;
  joined: number;
  escalatedTo: string | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  changedAt: Date;
}

export function alertView(
  alert: ListedAlert,
  suggestion: { suggestion: Suggestion; view: SuggestionView } | null,
  locale: string | null,
): AlertView {
  const stands = suggestion && !OVER.has(suggestion.suggestion.state);
  return {
    alertId: alert.alertId,
    ruleId: alert.ruleId,
    raisedAt: alert.raisedAt,
    accountId: alert.accountId,
    contactId: alert.contactId,
    memberId: alert.memberId,
    priority: alert.priority,
    title: alert.title,
    message: alert.message,
    evidence: alert.evidence,
    suggestion: stands ? suggestion.view : null,
    because: stands ? null : becauseOf(alert, suggestion?.suggestion ?? null, locale),
    state: alert.state,
    validUntil: alert.validUntil,
    decisionId: alert.decisionId,
    heldUntil: alert.heldUntil,
    joinedTo: alert.joinedTo,
    joined: alert.joined,
    escalatedTo: alert.escalatedTo,
    acknowledgedAt: alert.acknowledgedAt,
    acknowledgedBy: alert.acknowledgedBy,
    changedAt: alert.changedAt,
  };
}

/** States of a suggestion that is no next step any more. What was done, or refused, is shown as it is. */
const OVER: ReadonlySet<string> = new Set(['withdrawn', 'expired', 'superseded']);

function becauseOf(alert: ListedAlert, suggestion: Suggestion | null, locale: string | null): string {
  if (suggestion) return becauseIn(suggestion, locale) ?? suggestion.state;
  return alert.because ?? 'what was suggested may not be shown';
}
