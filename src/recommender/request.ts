import type {
  ConsideredCandidate,
  Decision,
  DecisionId,
  Question,
  SuggestionId,
} from './decisions/decision.js';
import type { Situation } from './situation.js';

/** One question about one account, with all that chance and time put into the answer. */
export interface Request {
  question: Question;
  situation: Situation;
  at: Date;
  decisionId: DecisionId;
  /** Seed of the draw; logged. */
  seed: string;
  nextSuggestionId: () => SuggestionId;
  runId: string | null;
  /** Also give every candidate that was considered. */
  explain?: boolean;
}

export interface Answer {
  decision: Decision;
  /** All candidates, where the request asked to explain. */
  considered: ConsideredCandidate[] | null;
}
