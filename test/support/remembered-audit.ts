import { type AuditEntry, AuditTrail, type RecordedEntry } from '../../src/access/index.js';

/** An audit trail in memory. */
export class RememberedAudit extends AuditTrail {
  readonly entries: AuditEntry[] = [];

  async record(entries: readonly AuditEntry[]): Promise<void> {
    this.entries.push(...entries);
  }

  async page(): Promise<RecordedEntry[]> {
    return [];
  }
}
