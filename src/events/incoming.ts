import type { JsonObject } from '../shared/index.js';
import type { EventProperties } from './event.js';

interface Envelope {
  messageId: string;
  /** Stable name of the sender; deduplication is by (source, messageId). */
  source: string;
  occurredAt: Date;
  /** Only imports that carry one. */
  recordedAt?: Date;
  accountId?: string;
  contactId?: string;
  anonymousId?: string;
  memberId?: string;
}

/** One thing that a sender tells, parsed and valid; not yet deduplicated and without resolved identity. */
export type IncomingItem = Envelope &
  (
    | { kind: 'event'; name: string; properties: EventProperties }
    /** Traits of a contact; joins the anonymousId to it. */
    | { kind: 'identify'; traits: JsonObject }
    /** The contact belongs to the account; traits of the account. */
    | { kind: 'group'; traits: JsonObject }
    /** What was known under previousId belongs to the contact. */
    | { kind: 'alias'; previousId: string }
  );

/** An item that was set aside: which one, where in it, why, and how to mend it. */
export interface QuarantinedItem {
  index: number;
  pointer: string;
  reason: string;
}

export interface IngestAnswer {
  accepted: number;
  duplicates: number;
  quarantined: QuarantinedItem[];
}
