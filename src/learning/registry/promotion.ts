import { err, ok, type Result } from '../../shared/index.js';
import type { GateJudgement } from '../evaluation/gate/index.js';
import type { ModelEntry } from './model-registry.js';

export interface PromotionRefused {
  code: 'already-champion' | 'not-proven' | 'reason-needed';
  detail: string;
  /** The log proves something against it: more of it would not help. */
  disproved?: boolean;
}

export interface PromotionAsked {
  reason: string | null;
  /** Promote although it is not proven; needs a reason. */
  force: boolean;
}

/** A refresh may lose so much of mean log-loss (nats) against the champion on held-out rows. */
export const MARGIN = 0.002;

/**
 * Whether a model may take the champion's place.
 *
 * Proven: on the champion's own decisions since the challenger's training it earns more, or no less by the margin; no
 * segment surely loses more; and it is calibrated. What is surely worse is refused. Where the log cannot tell (too few
 * decisions, or none with probabilities) it may serve as unproven, with a reason, if its held-out log-loss is no worse
 * either. The first model is compared with nothing and goes out as unproven, with a reason.
 */
export function mayPromote(
  challenger: ModelEntry,
  champion: ModelEntry | null,
  judgement: GateJudgement | null,
  { reason, force }: PromotionAsked,
): Result<{ unproven: boolean }, PromotionRefused> {
  if (champion?.version === challenger.version) {
    return err({ code: 'already-champion', detail: `Model ${challenger.version} is the champion already.` });
  }
  if (champion === null) return withReason(reason, 'There is no champion to compare it with');
  if (force) return withReason(reason, 'It is promoted without proof');
  const against = judgement && objection(judgement);
  if (against) return notProven(against, true);
  if (judgement?.verdict === 'better' || judgement?.verdict === 'no-worse') return ok({ unproven: false });
  const difference = worseBy(challenger, champion);
  if (difference === null)
    return notProven(
      `Model ${challenger.version} shares no outcome with the champion ${champion.version}, and ${undecided(judgement)}.`,
    );
  if (difference > MARGIN)
    return notProven(
      `Its held-out log-loss is ${difference.toFixed(4)} above the champion's (margin ${MARGIN}), and ${undecided(judgement)}.`,
    );
  return withReason(
    reason,
    `Held out it predicts no worse than the champion (log-loss ${difference.toFixed(4)} higher), but ${undecided(judgement)}`,
  );
}

function withReason(reason: string | null, why: string): Result<{ unproven: boolean }, PromotionRefused> {
  if (reason !== null && reason.trim() !== '') return ok({ unproven: true });
  return err({ code: 'reason-needed', detail: `${why}: say why it should serve all the same (reason).` });
}

function notProven(why: string, disproved = false): Result<never, PromotionRefused> {
  return err({
    code: 'not-proven',
    disproved,
    detail: `${why} Promote it with force and a reason if it should serve all the same.`,
  });
}

/** What the log proves against a challenger; null: nothing. */
function objection({
  verdict,
  difference,
  margin,
  decisions,
  worseSegments,
  calibrated,
  calibrationGap,
}: GateJudgement): string | null {
  if (verdict === 'worse') {
    return `On ${decisions} decisions of the champion it earns less: ${interval(difference)} a decision, margin ${money(margin)}.`;
  }
  const [worst] = worseSegments;
  if (worst) {
    return `In segment ${worst.segment} it earns less: ${interval(worst.difference)} a decision (${worst.decisions} decisions).`;
  }
  if (!calibrated) {
    return `It is not calibrated: the chances that it gives are off by ${interval(calibrationGap)} from what happened.`;
  }
  return null;
}

function undecided(judgement: GateJudgement | null): string {
  if (!judgement || judgement.verdict === 'no-log')
    return 'no decision of the champion since its training can judge it';
  const { decisions, difference, decisionsNeeded } = judgement;
  const more = decisionsNeeded === null ? '' : `; about ${decisionsNeeded} would tell 5 %`;
  return `${decisions} decisions of the champion do not settle what it earns (${interval(difference)} a decision${more})`;
}

const PLACES = 4;
const money = (value: number | null) => (value === null ? 'none' : value.toFixed(PLACES));
const interval = ({ value, low, high }: GateJudgement['difference']) =>
  `${money(value)} (95 % ${money(low)} to ${money(high)})`;

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
