import type { Transaction } from '../shared/index.js';

/** Who changed what in the catalogue. Values stay out of it. */
export interface CatalogueChange {
  /** Key id, member id, or `system`. */
  actor: string;
  /** Kind and verb: `action.saved`, `product.removed`. */
  action: string;
  subjectKind: string;
  /** `*` where one entry stands for many. */
  subjectId: string;
  detail?: Record<string, number>;
}

/**
 * Where changes are written down, in their own transaction: the audit trail. The catalogue declares it, workflows
 * fill it.
 */
export abstract class CatalogueTrail {
  abstract record(changes: readonly CatalogueChange[], within: Transaction): Promise<void>;
}
