import type { Transaction } from '../../shared/index.js';

/** Who changed what about an endpoint; secrets stay out of it. */
export interface EndpointChange {
  /** Key id, member id, or `system`. */
  actor: string;
  /** `webhook-endpoint.saved`, `.removed`, `.secret-rotated`, `.enabled`, `.disabled`, `.replayed`. */
  action: string;
  subjectKind: 'webhook-endpoint';
  subjectId: string;
  detail?: Record<string, string | number | boolean | null>;
}

/** Where changes are written down, in their own transaction: the audit trail. Webhooks declare it, workflows fill it. */
export abstract class EndpointTrail {
  abstract record(changes: readonly EndpointChange[], within: Transaction): Promise<void>;
}
