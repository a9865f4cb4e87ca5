import type { Transaction } from '../../shared/index.js';

/** `rejected`: the gate of promotion proved it worse. */
export const shadowEndings = ['stopped', 'promoted', 'rejected'] as const;
export type ShadowEnding = (typeof shadowEndings)[number];

/** A time in which a model decided beside the champion, unseen. */
export interface Shadow {
  version: string;
  name: string;
  startedAt: Date;
  /** Key id, member id, or `command-line`. */
  startedBy: string;
  /** Null: it is in shadow now. */
  endedAt: Date | null;
  endedBecause: ShadowEnding | null;
  /** Decisions that it could not make, or that could not be written. */
  errors: number;
  /** Decisions that it was not asked about, since more waited than the service has time for. */
  skipped: number;
}

/** Which models are in shadow: at most one of a name. */
export abstract class ShadowBook {
  abstract running(within?: Transaction): Promise<Shadow[]>;
  /** The latest of a model; null: it never was in shadow. */
  abstract latest(version: string): Promise<Shadow | null>;
  /** Every process sees it at its next question. The model must exist, and no other of its name be in shadow. */
  abstract start(
    shadow: Pick<Shadow, 'version' | 'name' | 'startedAt' | 'startedBy'>,
    within: Transaction,
  ): Promise<Shadow>;
  /** Whether the model was in shadow. */
  abstract end(version: string, because: ShadowEnding, at: Date, within: Transaction): Promise<boolean>;
  /** Adds to the counts of the shadow that is running, or was last. */
  abstract count(version: string, more: Pick<Shadow, 'errors' | 'skipped'>): Promise<void>;
}
