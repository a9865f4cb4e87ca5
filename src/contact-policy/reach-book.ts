import type { ActionId } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';

/** How far a new action reaches by now. */
export interface ActionReach {
  /** Of the accounts, in (0, 1]. */
  share: number;
  /** Touches with it. */
  evidence: number;
}

/** Actions that do not reach all accounts yet. */
export type ReachOfActions = ReadonlyMap<ActionId, ActionReach>;

/** Where it is kept how far new actions reach. */
export abstract class ReachBook {
  /** Those below 1; the others reach everybody. */
  abstract current(): Promise<ReachOfActions>;
  /** Every action that was met, those that reach everybody too. */
  abstract known(): Promise<ReachOfActions>;
  /** Actions of the catalogue that were not met yet. */
  abstract unmet(): Promise<ActionId[]>;
  /** Touches with each action, as the log has them. */
  abstract evidence(): Promise<Map<ActionId, number>>;
  /** Adds and changes. Whoever keeps them in memory reads them again. */
  abstract save(reach: ReachOfActions, at: Date, within: Transaction): Promise<void>;
}
