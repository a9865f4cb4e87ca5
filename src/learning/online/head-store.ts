import type { Transaction } from '../../shared/index.js';
import type { Delays } from './open-windows.js';
import type { ArmEvidence } from './evidence-ledger.js';

/** Evidence of one model's arms, as of a moment: what came before counts less, by the half-life of the learning. */
export interface StoredEvidence {
  /** Rises with every writing; null: nothing was learned for that model yet. */
  version: string | null;
  asOf: Date;
  arms: ArmEvidence[];
  /** The head that follows from them; null: nothing was learned yet. */
  head: Buffer | null;
  /** By outcome, and by outcome and channel. */
  delays: Map<string, Delays>;
}

export interface ChangedEvidence {
  asOf: Date;
  /** Sums of the arms that changed. */
  arms: readonly ArmEvidence[];
  /** The head that follows from all trials. */
  head: Buffer;
  delays: ReadonlyMap<string, Delays>;
}

/** What the learner keeps. One writer at a time: whoever has the lock. */
export abstract class HeadStore {
  /** Whether this transaction is the learner's now; it stays so until it ends. */
  abstract claim(within: Transaction): Promise<boolean>;
  /** Null: nothing was learned for that model yet. */
  abstract version(model: string, within?: Transaction): Promise<string | null>;
  abstract evidence(model: string, within: Transaction): Promise<StoredEvidence>;
  /** Writes what changed, drops what was learned for other models, and says so to all who serve. Gives the new version. */
  abstract save(model: string, changed: ChangedEvidence, within: Transaction): Promise<string>;
  /** The head that serves a model; null where nothing was learned. */
  abstract head(model: string): Promise<{ version: string; bytes: Buffer } | null>;
}
