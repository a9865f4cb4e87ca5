import type { DismissalReason, Refusal, RuleName } from '../contact-policy/index.js';

/** Why suggestions are closed, and what the sentence about it needs. The sentences stand in the message catalogues. */
export interface ClosingArgs {
  /** It was done; `member`: by this colleague (empty: by one who is not named); left out: by whoever was to do it. */
  done: { event: string; member?: string };
  /** The question was answered. */
  answered: { member?: string };
  ordered: Record<never, never>;
  complained: Record<never, never>;
  read: Record<never, never>;
  /** A rule of the contact policy says no; `detail` is what it said. */
  refused: { rule: RuleName; detail: string };
  /** The contact said no. */
  'consent-withdrawn': { detail: string };
  'newer-answer': Record<never, never>;
  'slot-passed': { detail?: string };
  moved: Record<never, never>;
  gone: Record<never, never>;
  'no-words': { detail: string };
  'not-sent': { detail: string };
  'arrival-unknown': Record<never, never>;
  'called-not-compliant': Record<never, never>;
  'done-already': Record<never, never>;
  dismissed: { reason: DismissalReason };
}

export type ClosingCode = keyof ClosingArgs;

/** Why one suggestion was closed, as it is kept. */
export type ClosingReason = { [Code in ClosingCode]: { code: Code; args: ClosingArgs[Code] } }[ClosingCode];

/** The contact policy says no. */
export function refusedBy({ rule, because }: Pick<Refusal, 'rule' | 'because'>): ClosingReason {
  return { code: 'refused', args: { rule, detail: because } };
}

/** The sentences of one language. */
export type ClosingWords = { readonly [Code in ClosingCode]: (args: ClosingArgs[Code]) => string };
