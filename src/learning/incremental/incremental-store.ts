import { err, ok, type Result, type Transaction } from '../../shared/index.js';
import type { IncrementalArtefact } from './learned-head.js';
import type { IncrementalCard } from './learn-incremental.js';

/** A head as it is listed. */
export interface IncrementalEntry {
  version: string;
  createdAt: Date;
  card: IncrementalCard;
  /** The whole catalogue is valued by it. */
  serving: boolean;
  switchedAt: Date | null;
  reason: string | null;
  /** Switched on although its effects are not proven. */
  unproven: boolean;
}

/** All heads that were learned, and which one serves; none: the catalogue is valued by propensity. */
export abstract class IncrementalStore {
  /** Gives the version: first digits of the artefact's hash. */
  abstract add(artefact: IncrementalArtefact, card: IncrementalCard, createdAt: Date): Promise<string>;
  /** Newest first. */
  abstract list(within?: Transaction): Promise<IncrementalEntry[]>;
  abstract artefact(version: string): Promise<IncrementalArtefact | null>;
  /** Null switches off. Every process sees it at its next question. */
  abstract serve(
    version: string | null,
    switched: { at: Date; reason: string | null; unproven: boolean },
    within: Transaction,
  ): Promise<void>;
}

export interface SwitchAsked {
  reason: string | null;
  /** Although it is not proven; needs a reason. */
  force: boolean;
}

export interface SwitchRefused {
  code: 'not-proven' | 'reason-needed';
  detail: string;
}

/**
 * Whether a whole catalogue may be valued by a head: for every outcome data suffice, and what a difference in promised
 * effect was worth on accounts that were not fitted is surely above zero (95 %).
 */
export function maySwitch(
  card: IncrementalCard,
  { reason, force }: SwitchAsked,
): Result<{ unproven: boolean }, SwitchRefused> {
  const doubtful = card.outcomes.filter(({ suffices, slope }) => !suffices || !((slope.low ?? -1) > 0));
  if (doubtful.length === 0 && card.outcomes.length > 0) return ok({ unproven: false });
  if (!force) {
    const named = doubtful.map(
      ({ outcomeId, slope }) => `${outcomeId} (slope from ${slope.low?.toFixed(2) ?? 'unknown'})`,
    );
    return err({
      code: 'not-proven',
      detail: `Its effects are not proven for: ${named.join(', ')}. Collect more decisions, or switch with force and a reason.`,
    });
  }
  if (reason !== null && reason.trim() !== '') return ok({ unproven: true });
  return err({ code: 'reason-needed', detail: 'It is switched on without proof: say why (reason).' });
}
