import type { CatalogueKind, CatalogueRecords, RecordKey } from './catalogue-editor.js';
import type { AccountId, ActionId, MemberId } from './ids.js';

/** Which records of a kind are asked for; filters that the kind does not know are left out. */
export interface RecordFilter {
  stub?: boolean;
  segment?: string;
  /** Part of the id or of the name, in capitals or not. */
  search?: string;
  accountId?: AccountId;
  actionId?: ActionId;
  /** Only accounts and contacts that this member looks after. */
  assignedTo?: MemberId;
}

/** Reads of single records and of lists, in order of key. */
export abstract class CatalogueReader {
  abstract find<Kind extends CatalogueKind>(
    kind: Kind,
    key: RecordKey,
  ): Promise<CatalogueRecords[Kind] | undefined>;
  /** Up to `limit` records whose key comes after `after`. */
  abstract page<Kind extends CatalogueKind>(
    kind: Kind,
    query: { after?: RecordKey; limit: number; filter?: RecordFilter },
  ): Promise<CatalogueRecords[Kind][]>;
}
