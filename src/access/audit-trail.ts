import type { Transaction } from '../shared/index.js';

/** One entry of the append-only trail: who changed what. Personal values stay out of it. */
export interface AuditEntry {
  /** Key id, member id, or `system`. */
  actor: string;
  /** Verb and kind, such as `consent.recorded`, `action.saved`, `model.promoted`. */
  action: string;
  subjectKind: string;
  subjectId: string;
  detail?: Record<string, string | number | boolean | null>;
}

/** An entry as it stands in the trail. */
export interface RecordedEntry extends AuditEntry {
  /** Rises with time. */
  entryId: number;
  at: Date;
}

export abstract class AuditTrail {
  /** Inside the transaction of the change, when there is one. */
  abstract record(entries: readonly AuditEntry[], within?: Transaction): Promise<void>;
  /** Newest first. */
  abstract page(query: { before?: number; subjectId?: string; limit: number }): Promise<RecordedEntry[]>;
}
