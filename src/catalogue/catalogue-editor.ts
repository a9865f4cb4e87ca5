import type { FieldProblem, Result } from '../shared/index.js';
import type { Account, AttributeSchema, AttributeSchemaKind, Contact } from './account.js';
import type { Action, Channel, Content, OutcomeDefinition, Product, Treatment } from './offering.js';
import type { ContactMove } from './contact-moves.js';
import type { AccountId, MemberId } from './ids.js';
import type { TeamMember } from './team.js';

/** Every kind of record that the catalogue keeps, by the name it has in paths and bulk imports. */
export interface CatalogueRecords {
  'attribute-schemas': { kind: AttributeSchemaKind; attributes: AttributeSchema };
  accounts: Account;
  contacts: Contact;
  'team-members': TeamMember;
  assignments: { accountId: AccountId; memberId: MemberId };
  products: Product;
  content: Content;
  channels: Channel;
  'outcome-definitions': OutcomeDefinition;
  actions: Action;
  treatments: Treatment;
}
export type CatalogueKind = keyof CatalogueRecords;

/** What is wrong with one of the records handed in. */
export interface RecordRefused {
  index: number;
  problems: FieldProblem[];
  /** All that is wrong is that ids are named which do not exist. */
  unknownIds: boolean;
}

/** Id of a record; assignments are named by account and member, treatments by action and treatment. */
export type RecordKey = string | readonly [string, string];

export interface PutAnswer {
  saved: number;
  refused: RecordRefused[];
  /** Contacts that went to another account; the features of both accounts will be rebuilt. */
  movedContacts: ContactMove[];
}

/** Writes to the catalogue: validated (references, CEL types), audited, and the version raised, in one transaction. */
export abstract class CatalogueEditor {
  /** Creates or replaces. Valid records are kept, the others are named. Thousands at once are one statement. */
  abstract put<Kind extends CatalogueKind>(
    kind: Kind,
    records: readonly CatalogueRecords[Kind][],
    actor: string,
  ): Promise<PutAnswer>;
  /** Refuses, with the reason, what others still name. An unknown key removes nothing. */
  abstract remove(kind: CatalogueKind, key: RecordKey, actor: string): Promise<Result<void, string>>;
}
