import type { MemberId } from '../catalogue/index.js';
import type { DismissalReason } from '../contact-policy/index.js';
import { addDays, err, type FieldProblem, MINUTE, ok, type Result } from '../shared/index.js';
import { type ResponseKind, standing, type Suggestion, type SuggestionState } from './suggestion.js';

export interface GivenResponse {
  kind: ResponseKind;
  reason?: DismissalReason;
  until?: Date;
  note?: string;
  /** The state that the caller saw: another one by now is a conflict. */
  ifState?: SuggestionState;
}

/** Who works on a suggestion: the last one who said more than that it was seen. */
export interface Taken {
  kind: ResponseKind;
  memberId: MemberId | null;
  at: Date;
}

export type ResponseRefused =
  | { code: 'invalid'; problems: FieldProblem[] }
  /** It no longer stands. */
  | { code: 'closed'; state: SuggestionState; because: string | null }
  /** It is not in the state that the caller saw. */
  | { code: 'changed'; state: SuggestionState; because: string | null; taken: Taken | null }
  /** A colleague has accepted it. */
  | { code: 'taken'; state: SuggestionState; taken: Taken };

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
/** For so long a response can be taken back. */
export const UNDO_MINUTES = 15;

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
/** What only the one who accepted it may say of a suggestion; that it was done, or seen, anybody may. */
const HERS_WHO_ACCEPTED: readonly ResponseKind[] = ['accepted', 'dismissed', 'snoozed'];

/**
 * What a response makes of a suggestion: a dismissal may say why, putting off needs a time to come. `taken` says who
 * works on it, `by` who responds (null: a machine, which may say anything).
 */
export function responded(
  suggestion: Pick<Suggestion, 'state' | 'because' | 'expiresAt'>,
  response: GivenResponse,
  at: Date,
  { by = null, taken = null }: { by?: MemberId | null; taken?: Taken | null } = {},
): Result<Answered, ResponseRefused> {
  const problems = problemsOf(response, at);
  if (problems.length > 0) return err({ code: 'invalid', problems });
  const { state, because, expiresAt } = suggestion;
  const { kind, ifState } = response;
  const after = stateAfter[kind];
  const colleague =
    taken !== null && taken.memberId !== null && by !== null && taken.memberId !== by ? taken : null;
  const unchanged = { expiresAt, raisesEpoch: false, repeated: true };
  if (state === 'accepted' && colleague && HERS_WHO_ACCEPTED.includes(kind))
    return err({ code: 'taken', state, taken: colleague });
  if (state === after && kind !== 'snoozed') return ok({ ...unchanged, state });
  if (kind === 'seen' && standing.includes(state) && state !== 'open') return ok({ ...unchanged, state });
  if (ifState !== undefined && ifState !== state) return err({ code: 'changed', state, because, taken });
  const late = LATE.includes(state) && TOLD_LATE.includes(kind);
  if (!standing.includes(state) && !late) return err({ code: 'closed', state, because });
  const end = response.until ? addDays(response.until, DAYS_AFTER_SNOOZE) : expiresAt;
  return ok({
    state: after,
    expiresAt: end > expiresAt ? end : expiresAt,
    raisesEpoch: TOLD_LATE.includes(kind),
    repeated: false,
  });
}

/** A response as far as taking it back depends on it. */
export interface UndoableResponse {
  kind: ResponseKind;
  memberId: MemberId | null;
  respondedAt: Date;
  undoneAt: Date | null;
  /** Nothing was said about the suggestion since. */
  latest: boolean;
  /** What it was before; null of a response that was recorded without it. */
  before: { state: SuggestionState; expiresAt: Date; snoozedUntil: Date | null } | null;
}

export type UndoRefused = {
  code: 'too-late' | 'not-yours' | 'changed';
  state: SuggestionState;
  because: string;
};

export interface Undone {
  state: SuggestionState;
  expiresAt: Date;
  snoozedUntil: Date | null;
  raisesEpoch: boolean;
  repeated: boolean;
}

/**
 * What taking a response back makes of the suggestion: what it was before, where nothing else has happened to it since
 * and no more than `UNDO_MINUTES` have passed. Whoever responded may, and so may a machine.
 */
export function undone(
  suggestion: Pick<Suggestion, 'state' | 'because' | 'expiresAt' | 'snoozedUntil'>,
  response: UndoableResponse,
  at: Date,
  by: MemberId | null,
): Result<Undone, UndoRefused> {
  const { state } = suggestion;
  const refuse = (code: UndoRefused['code'], because: string) => err({ code, state, because });
  if (response.undoneAt) {
    const { expiresAt, snoozedUntil } = suggestion;
    return ok({ state, expiresAt, snoozedUntil, raisesEpoch: false, repeated: true });
  }
  if (by !== null && response.memberId !== null && by !== response.memberId)
    return refuse('not-yours', 'It was said by somebody else.');
  if (at.getTime() > response.respondedAt.getTime() + UNDO_MINUTES * MINUTE)
    return refuse('too-late', `It can be taken back for ${UNDO_MINUTES} minutes.`);
  const { before } = response;
  if (!before || !response.latest || !wasLeftIn(state, response.kind))
    return refuse('changed', suggestion.because ?? 'It was changed since.');
  return ok({ ...before, raisesEpoch: TOLD_LATE.includes(response.kind), repeated: false });
}

/** A snooze that has ended reads as open, and any state but a response's own may expire. */
function wasLeftIn(state: SuggestionState, kind: ResponseKind): boolean {
  if (state === stateAfter[kind]) return true;
  return (
    (kind === 'snoozed' && (state === 'open' || state === 'expired')) ||
    (kind === 'seen' && state === 'expired')
  );
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
