import type { AccountDossier, ActionId, ChannelId, ProductId } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import type { AccountState } from '../../features/index.js';

/** All that is known of one account at a moment. */
export interface AccountPast {
  dossier: AccountDossier;
  /** Until that moment, oldest first. */
  events: readonly AccountEvent[];
  state: AccountState;
}

/** In what accounts are compared. */
export interface Basis {
  /** `model`: the account tower of the model that serves. `features`: what is known of them, each on one scale. */
  by: 'model' | 'features';
  /** Version of that model or of the feature set. */
  version: string;
}

/** What places one account, in parts that count equally: who it is, what it does, … The same parts for all. */
export type Placement = readonly PlacementPart[];

/** Numbers (NaN: unknown) and categories (null: unknown), in the same order for all. */
export interface PlacementPart {
  numbers: Float32Array;
  categories: readonly (string | null)[];
}

/**
 * Where accounts stand. What they bought is left out, as far as it has an input of its own: accounts are to be alike in
 * all but what is then compared.
 */
export abstract class AccountEmbeddings {
  abstract basis(): Promise<Basis>;
  /** One a past. */
  abstract of(pasts: readonly AccountPast[], at: Date): Promise<Placement[]>;
}

/** An action that was tried with an account on a channel, and whether it reached its outcome. */
export interface Try {
  actionId: ActionId;
  channelId: ChannelId;
  productIds: readonly ProductId[];
  at: Date;
  /** Whether its outcome was reached within its window, as far as that is over. */
  succeeded: boolean;
  /** Its window is not over yet. */
  open: boolean;
}

export abstract class ApproachRecord {
  /** For each past its tries, oldest first. */
  abstract of(pasts: readonly AccountPast[], at: Date): Promise<Try[][]>;
}
