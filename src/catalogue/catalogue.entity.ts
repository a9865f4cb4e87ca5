import {
  AccountEntity,
  AssignmentEntity,
  AttributeSchemaEntity,
  ContactEntity,
  TeamMemberEntity,
} from './account.entity.js';
import type { CatalogueKind } from './catalogue-editor.js';
import {
  ActionEntity,
  ChannelEntity,
  ContentEntity,
  OutcomeDefinitionEntity,
  ProductEntity,
  TreatmentEntity,
} from './offering.entity.js';

/** The table of each kind of record. */
export const entityOf = {
  'attribute-schemas': AttributeSchemaEntity,
  accounts: AccountEntity,
  contacts: ContactEntity,
  'team-members': TeamMemberEntity,
  assignments: AssignmentEntity,
  products: ProductEntity,
  content: ContentEntity,
  channels: ChannelEntity,
  'outcome-definitions': OutcomeDefinitionEntity,
  actions: ActionEntity,
  treatments: TreatmentEntity,
} as const satisfies Record<CatalogueKind, unknown>;

/** To be registered with the data source. */
export const catalogueEntities = Object.values(entityOf);
