import { AccountTeamController } from './account-team.controller.js';
import { AccountsController } from './accounts.controller.js';
import { ActionsController } from './actions.controller.js';
import { AttributeSchemasController } from './attribute-schemas.controller.js';
import { ChannelsController } from './channels.controller.js';
import { ContactsController } from './contacts.controller.js';
import { ErasuresController } from './erasures.controller.js';
import { ContentController } from './content.controller.js';
import { OutcomeDefinitionsController } from './outcome-definitions.controller.js';
import { ProductsController } from './products.controller.js';
import { TeamMembersController } from './team-members.controller.js';
import { TreatmentsController } from './treatments.controller.js';

export { CatalogueResource } from './catalogue-resource.js';

export const catalogueControllers = [
  AccountTeamController,
  AccountsController,
  ActionsController,
  AttributeSchemasController,
  ChannelsController,
  ContactsController,
  ErasuresController,
  ContentController,
  OutcomeDefinitionsController,
  ProductsController,
  TeamMembersController,
  TreatmentsController,
];
