import type { AccountId } from '../../catalogue/index.js';
import { canonicalJson, sha256, type Transaction } from '../../shared/index.js';
import type { Decision, DecisionId, DecisionOutline, Question, SuggestionId, Versions } from './decision.js';

/** The latest answer to one question, and what it depended on. */
export interface OpenQuestion {
  accountId: AccountId;
  question: string;
  decisionId: DecisionId;
  decidedAt: Date;
  policyEpoch: number;
  stateSequence: number;
  versions: string;
  suggestionIds: SuggestionId[];
  expiresAt: Date;
}

/** Where the latest answer to each question stands, so that the same question gets the same answer. */
export abstract class OpenQuestions {
  /** Those of the questions to whose answer nothing has happened since: epoch and state of the account, versions, time. */
  abstract unchanged(
    asked: readonly Pick<OpenQuestion, 'accountId' | 'question' | 'versions'>[],
    at: Date,
  ): Promise<OpenQuestion[]>;
  /** Opens the questions of answers that stand in the log already. */
  abstract open(answers: readonly DecisionOutline[], within: Transaction): Promise<void>;
  /** Writes the answers into the log and opens their questions. */
  abstract logAndOpen(decisions: readonly Decision[], within: Transaction): Promise<void>;
}

const KEY_LENGTH = 24;

const keys = new WeakMap<Question, string>();
/** By number of places, of questions that ask for nothing else: a nightly run asks them all. */
const plainKeys = new Map<number, string>();
const MOST_PLAIN = 1000;

/** Name of a question: account aside, equal questions have equal names. */
export function questionKey(question: Question): string {
  let key = keys.get(question);
  if (key === undefined) {
    const { contactId, limit, context, role } = question;
    const plain = contactId === null && role === null && Object.keys(context).length === 0;
    key =
      (plain ? plainKeys.get(limit) : undefined) ??
      sha256(canonicalJson({ contactId, limit, context, role })).slice(0, KEY_LENGTH);
    if (plain && plainKeys.size < MOST_PLAIN) plainKeys.set(limit, key);
    keys.set(question, key);
  }
  return key;
}

/** Name of the versions that an answer was made under. */
export function versionsKey(
  versions: Pick<Versions, 'catalogue' | 'rules' | 'featureSet' | 'model' | 'incremental'>,
): string {
  const { catalogue, rules, featureSet, model, incremental } = versions;
  const known = `${catalogue}.${rules}.${featureSet}.${model}`;
  return incremental === undefined ? known : `${known}.${incremental}`;
}

export function openQuestionOf(decision: DecisionOutline): OpenQuestion {
  return {
    accountId: decision.accountId,
    question: questionKey(decision.question),
    decisionId: decision.decisionId,
    decidedAt: decision.decidedAt,
    policyEpoch: decision.policyEpoch,
    stateSequence: decision.stateSequence,
    versions: versionsKey(decision.versions),
    suggestionIds: decision.suggestions.map(({ suggestionId }) => suggestionId),
    expiresAt: decision.expiresAt,
  };
}
