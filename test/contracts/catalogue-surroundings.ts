import type { DataSource } from 'typeorm';
import { type AuditEntry, AuditTrail, type RecordedEntry } from '../../src/access/index.js';
import {
  type Account,
  type Action,
  type CatalogueRecords,
  type Channel,
  type Contact,
  type ContactMove,
  RecordParser,
} from '../../src/catalogue/index.js';
import { PostgresCatalogueEditor } from '../../src/catalogue/catalogue-editor.postgres.js';
import { PostgresCatalogues } from '../../src/catalogue/catalogues.postgres.js';
import { PostgresTransactions } from '../../src/database/index.js';

/** Keeps what was recorded, and in whose name. */
export class RememberedTrail extends AuditTrail {
  readonly entries: AuditEntry[] = [];

  record(entries: readonly AuditEntry[]): Promise<void> {
    this.entries.push(...entries);
    return Promise.resolve();
  }

  page(): Promise<RecordedEntry[]> {
    return Promise.resolve([]);
  }
}

export function catalogueOn(database: DataSource) {
  const transactions = new PostgresTransactions(database);
  const catalogues = new PostgresCatalogues(database);
  const audit = new RememberedTrail();
  const moves: ContactMove[] = [];
  const editor = new PostgresCatalogueEditor({
    transactions,
    trail: audit,
    features: { scalarNames: () => ['daysSinceVisit'], keyedNames: () => ['visitsByProduct'] },
    moves: {
      follow: (moved) => {
        moves.push(...moved);
        return Promise.resolve();
      },
    },
    changed: () => catalogues.changed(),
  });
  return { transactions, catalogues, audit, moves, editor };
}

const parser = new RecordParser({ currency: 'EUR' });

/** A record from what a person would write, with the defaults filled in. */
export function record<Kind extends keyof CatalogueRecords>(
  kind: Kind,
  value: object,
): CatalogueRecords[Kind] {
  const result = parser.parse(kind, value);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const account = (accountId: string, more: object = {}): Account =>
  record('accounts', { accountId, kind: 'company', ...more });
export const contact = (contactId: string, accountId: string, more: object = {}): Contact =>
  record('contacts', { contactId, accountId, ...more });
export const channel = (channelId: string, more: object = {}): Channel =>
  record('channels', {
    channelId,
    name: channelId,
    kind: 'email',
    performedBy: 'automatic',
    consent: 'opt-in',
    ...more,
  });
export const action = (actionId: string, more: object = {}): Action =>
  record('actions', {
    actionId,
    name: actionId,
    intent: 'offer',
    purpose: 'sales',
    channelIds: ['email'],
    outcomeId: 'bought',
    ...more,
  });
export const outcome = (more: object = {}): CatalogueRecords['outcome-definitions'] =>
  record('outcome-definitions', { outcomeId: 'bought', event: 'Order Completed', withinDays: 14, ...more });
