import type { Transaction } from '../shared/index.js';
import type { AttributeSchema } from './account.js';
import type { ActionId, ChannelId, ContentId, OutcomeId, ProductId } from './ids.js';
import type { Action, Channel, Content, OutcomeDefinition, Product, Treatment } from './offering.js';

/** Everything that is offered, frozen at one version. Accounts, contacts and the team are read for themselves. */
export interface Catalogue {
  /** Rises with every change of any part. */
  version: number;
  products: ReadonlyMap<ProductId, Product>;
  content: ReadonlyMap<ContentId, Content>;
  channels: ReadonlyMap<ChannelId, Channel>;
  outcomes: ReadonlyMap<OutcomeId, OutcomeDefinition>;
  actions: ReadonlyMap<ActionId, Action>;
  treatments: ReadonlyMap<ActionId, readonly Treatment[]>;
  schemas: { account: AttributeSchema; contact: AttributeSchema };
}

/** Where the catalogue is read; an unchanged version is answered from memory. */
export abstract class Catalogues {
  /** Inside a transaction it is asked over that one's connection: nobody may wait for a second one. */
  abstract current(within?: Transaction): Promise<Catalogue>;
}
