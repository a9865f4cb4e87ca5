import type { Transaction } from '../../shared/index.js';
import type { PackedArtefact } from '../training/artefact.js';
import type { ModelCard } from '../training/card.js';

export const modelStates = ['candidate', 'champion', 'retired'] as const;
export type ModelState = (typeof modelStates)[number];

/** A model as it is listed: everything but its weights. */
export interface ModelEntry {
  /** First digits of the hash of the artefact: the same artefact is the same model. */
  version: string;
  name: string;
  createdAt: Date;
  card: ModelCard;
  state: ModelState;
  promotedAt: Date | null;
  /** Why it was promoted or retired, where somebody said. */
  reason: string | null;
  /** Promoted without proof that it is no worse than what served before. */
  unproven: boolean;
  /** Since when it has been deciding beside the champion, unseen; null: it is not in shadow. */
  shadowSince: Date | null;
  /** The champion that it took the place of; null: the fallback rules. */
  predecessor: string | null;
}

export interface NewModel {
  packed: PackedArtefact;
  card: ModelCard;
  createdAt: Date;
}

export interface Crowning {
  at: Date;
  reason: string | null;
  unproven: boolean;
  /** What a rollback would return to; null: the fallback rules. */
  predecessor: string | null;
}

/** All trained models, and which of them serves. At most one is champion. */
export abstract class ModelRegistry {
  /** Keeps the model as a candidate; one that is known by its version is left as it is. Gives the version. */
  abstract add(model: NewModel): Promise<string>;
  abstract find(version: string, within?: Transaction): Promise<ModelEntry | null>;
  /** The one that serves; null: none, the fallback rules do. */
  abstract champion(within?: Transaction): Promise<ModelEntry | null>;
  /** Newest first; `after` is the last entry of the page before. */
  abstract page(limit: number, after?: { createdAt: Date; version: string }): Promise<ModelEntry[]>;
  abstract artefact(version: string): Promise<PackedArtefact | null>;
  /** Makes one the champion and retires the one before; null retires only. Raises the version of `models`. */
  abstract crown(version: string | null, crowning: Crowning, within: Transaction): Promise<void>;
}
