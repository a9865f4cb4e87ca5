import type { AccountId, ChannelId, ContactId, ProductId, Purpose } from '../catalogue/index.js';
import { err, type FieldProblem, ok, type Result } from '../shared/index.js';
import type { ConsentFact, ConsentId, ConsentSource, ConsentStatus } from './consent.js';

/** What somebody states about a contact's consent, before it is a fact. */
export interface ConsentStatement {
  channelId: ChannelId | '*';
  purpose: Purpose | '*';
  status: ConsentStatus;
  source: ConsentSource;
  /** From when it holds; absent: from its recording. */
  effectiveAt?: Date | null;
  /** Until when, this instant excluded; absent: without end. */
  expiresAt?: Date | null;
  productId?: ProductId | null;
  topic?: string | null;
  /** The words that were agreed to or said. */
  wording?: string | null;
  /** Where the proof is kept: a link, a document number. */
  proof?: string | null;
}

/** What the recording adds to a statement. */
export interface Recording {
  consentId: ConsentId;
  accountId: AccountId;
  contactId: ContactId;
  recordedAt: Date;
  recordedBy: string;
}

/** The fact that a statement becomes. Refused when it would never hold. */
export function factOf(
  statement: ConsentStatement,
  recording: Recording,
): Result<ConsentFact, FieldProblem[]> {
  const effectiveAt = statement.effectiveAt ?? recording.recordedAt;
  const expiresAt = statement.expiresAt ?? null;
  if (expiresAt !== null && expiresAt.getTime() <= effectiveAt.getTime()) {
    const start = effectiveAt.toISOString();
    return err([
      { pointer: '/expiresAt', detail: `must be later than effectiveAt (${start}), else it never holds` },
    ]);
  }
  return ok({
    ...recording,
    channelId: statement.channelId,
    purpose: statement.purpose,
    status: statement.status,
    source: statement.source,
    productId: statement.productId ?? null,
    topic: statement.topic ?? null,
    effectiveAt,
    expiresAt,
    wording: statement.wording ?? null,
    proof: statement.proof ?? null,
  });
}
