import type { AccountId } from '../catalogue/index.js';
import type { EventId } from '../events/index.js';
import type { Transaction } from '../shared/index.js';
import type { ConsentConsequences } from './record-consent.js';
import type { VisitKey } from './record-visit-events.js';

/** What a visit did. */
export interface VisitRecorded extends ConsentConsequences {
  /** Id of its event. */
  visitId: EventId;
  accountId: AccountId;
  recordedAt: Date;
  tasks: Record<string, unknown>[];
  consents: { consentId: string; recordedAt: Date }[];
  /** What became of the suggestion that led to it. */
  suggestion: { suggestionId: string; state: string } | null;
  /** Under this reference it was recorded before: nothing was done now. */
  repeated: boolean;
}

/** A visit that was reported before, and what was answered then. */
export interface AnsweredVisit {
  accountId: AccountId;
  /** Of what was reported: the same reference for something else is a mistake. */
  fingerprint: string;
  answer: VisitRecorded;
}

/** What visits were answered with, by the reference of whoever reported them. */
export abstract class VisitAnswers {
  abstract find(key: VisitKey, within?: Transaction): Promise<AnsweredVisit | null>;
  abstract keep(key: VisitKey, answered: AnsweredVisit, at: Date, within: Transaction): Promise<void>;
}
