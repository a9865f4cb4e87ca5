import type { DismissalReason } from '../contact-policy/index.js';
import { addDays, err, type FieldProblem, ok, type Result } from '../shared/index.js';
import { type ResponseKind, standing, type Suggestion, type SuggestionState } from './suggestion.js';

export interface GivenResponse {
  kind: ResponseKind;
  reason?: DismissalReason;
  until?: Date;
  note?: string;
}

export type ResponseRefused =
  | { code: 'invalid'; problems: FieldProblem[] }
  /** It no longer stands. */
  | { code: 'closed'; state: SuggestionState; because: string | null };

export interface Answered {
  state: SuggestionState;
  expiresAt: Date;
  /** The contact policy reads it: dismissals and completions rest. */
  raisesEpoch: boolean;
  /** Said before, word for word: nothing changes. */
  repeated: boolean;
}

/** Days for which a suggestion stands again after it was put off. */
const DAYS_AFTER_SNOOZE = 3;

const stateAfter: Readonly<Record<ResponseKind, SuggestionState>> = {
  seen: 'seen',
  accepted: 'accepted',
  dismissed: 'dismissed',
  snoozed: 'snoozed',
  completed: 'completed',
};

/** What was done or will not be done may still be told of these; nothing else may. */
const TOLD_LATE: readonly ResponseKind[] = ['dismissed', 'completed'];
const LATE: readonly SuggestionState[] = ['expired', 'superseded'];

/** What a response makes of a suggestion: a dismissal may say why, putting off needs a time to come. */
export function responded(
  suggestion: Pick<Suggestion, 'state' | 'because' | 'expiresAt'>,
  response: GivenResponse,
  at: Date,
): Result<Answered, ResponseRefused> {
  const problems = problemsOf(response, at);
  if (problems.length > 0) return err({ code: 'invalid', problems });
  const { state, because, expiresAt } = suggestion;
  const after = stateAfter[response.kind];
  const unchanged = { expiresAt, raisesEpoch: false, repeated: true };
  if (state === after && response.kind !== 'snoozed') return ok({ ...unchanged, state });
  if (response.kind === 'seen' && standing.includes(state) && state !== 'open')
    return ok({ ...unchanged, state });
  const late = LATE.includes(state) && TOLD_LATE.includes(response.kind);
  if (!standing.includes(state) && !late) return err({ code: 'closed', state, because });
  const end = response.until ? addDays(response.until, DAYS_AFTER_SNOOZE) : expiresAt;
  return ok({
    state: after,
    expiresAt: end > expiresAt ? end : expiresAt,
    raisesEpoch: TOLD_LATE.includes(response.kind),
    repeated: false,
  });
}

function problemsOf({ kind, reason, until }: GivenResponse, at: Date): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (reason !== undefined && kind !== 'dismissed') {
    problems.push({ pointer: '/reason', detail: 'is only for kind dismissed: leave it out' });
  }
  if (kind === 'snoozed' && until === undefined) {
    problems.push({ pointer: '/until', detail: 'is needed with kind snoozed: when to suggest it again' });
  }
  if (kind !== 'snoozed' && until !== undefined) {
    problems.push({ pointer: '/until', detail: 'is only for kind snoozed: leave it out' });
  }
  if (until !== undefined && until <= at) {
    problems.push({ pointer: '/until', detail: `must be later than now (${at.toISOString()})` });
  }
  return problems;
}
