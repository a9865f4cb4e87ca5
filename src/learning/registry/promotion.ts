import { err, ok, type Result } from '../../shared/index.js';
import type { ModelEntry } from './model-registry.js';

export interface PromotionRefused {
  code: 'already-champion' | 'not-proven' | 'reason-needed';
  detail: string;
}

export interface PromotionAsked {
  reason: string | null;
  /** Promote although it is not proven; needs a reason. */
  force: boolean;
}

/** A refresh may lose so much of mean log-loss (nats) against the champion on held-out rows. */
export const MARGIN = 0.002;

/**
 * Whether a model may take the champion's place. Against the fallback rules nothing can be compared, so that the first
 * model goes out as unproven, with a reason. A refresh must be no worse than the champion by more than the margin: the
 * mean log-loss over the outcomes that both know, on the rows held out from the challenger's training.
 */
export function mayPromote(
  challenger: ModelEntry,
  champion: ModelEntry | null,
  { reason, force }: PromotionAsked,
): Result<{ unproven: boolean }, PromotionRefused> {
  if (champion?.version === challenger.version) {
    return err({ code: 'already-champion', detail: `Model ${challenger.version} is the champion already.` });
  }
  if (champion === null || force) {
    if (reason !== null && reason.trim() !== '') return ok({ unproven: true });
    const why =
      champion === null ? 'There is no champion to compare it with' : 'It is promoted without proof';
    return err({ code: 'reason-needed', detail: `${why}: say why it should serve all the same (reason).` });
  }
  const difference = worseBy(challenger, champion);
  if (difference === null) {
    return err({
      code: 'not-proven',
      detail: `Model ${challenger.version} shares no outcome with the champion ${champion.version}.`,
    });
  }
  if (difference > MARGIN) {
    const detail = `Its held-out log-loss is ${difference.toFixed(4)} above the champion's (margin ${MARGIN}). Promote it with force and a reason if it should serve all the same.`;
    return err({ code: 'not-proven', detail });
  }
  return ok({ unproven: false });
}

/**
 * Mean difference of held-out log-loss over the outcomes that both have; null when there are none. On the same rows where
 * the challenger was trained while that champion served; else each on its own, which drift makes harder to compare.
 */
export function worseBy(challenger: ModelEntry, champion: ModelEntry): number | null {
  const mine = challenger.card.metrics[challenger.card.winner];
  const { besideChampion } = challenger.card;
  const sameRows = besideChampion?.version === champion.version ? besideChampion.metrics : undefined;
  const theirs = sameRows ?? champion.card.metrics[champion.card.winner];
  const differences = Object.entries(mine ?? {}).flatMap(([outcome, metrics]) => {
    const other = theirs?.[outcome]?.logLoss ?? null;
    return metrics.logLoss === null || other === null ? [] : [metrics.logLoss - other];
  });
  if (differences.length === 0) return null;
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}
