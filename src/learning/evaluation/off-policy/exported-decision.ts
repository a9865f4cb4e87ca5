import type { Decision, ScoredCandidate } from '../../../recommender/index.js';
import type { EvaluationPolicy } from './evaluation-policy.js';

/** `outcome`: 1 when the outcome came; `value`: what it was worth; `net`: that, less the cost of a touch that was made. */
export const rewardKinds = ['value', 'outcome', 'net'] as const;
export type RewardKind = (typeof rewardKinds)[number];

/** What came of the first place of a decision. */
export interface DecisionOutcome {
  /** It was carried out. */
  carriedOut: boolean;
  happened: boolean;
  /** In the configured currency; 0 without an outcome. */
  value: number;
  /** Nothing more can come of it: its windows are closed. */
  settled: boolean;
}

/** A row of the decision log as `nba evaluate ope` reads it. */
export interface ExportedDecision {
  decision_id: string;
  account: string;
  contact: string | null;
  decided_at: string;
  /** What stood in the first place; `no-action`. */
  action: string;
  channel: string | null;
  product: string | null;
  reward: number;
  inclusion_probability: number;
  evaluation_probability: number;
  expected_reward_of_logged_action: number;
  expected_reward_under_evaluation_policy: number;
  propensity: number | null;
  correction: number | null;
  value: number | null;
  cost: number | null;
  priority: number | null;
  arms: number;
  mode: string;
  model: string;
  head: string | null;
  catalogue: number;
  rules: number;
  holdout: boolean;
  run: string | null;
  carried_out: boolean;
  outcome: boolean;
  settled: boolean;
}

export const exportColumns = [
  'decision_id',
  'account',
  'contact',
  'decided_at',
  'action',
  'channel',
  'product',
  'reward',
  'inclusion_probability',
  'evaluation_probability',
  'expected_reward_of_logged_action',
  'expected_reward_under_evaluation_policy',
  'propensity',
  'correction',
  'value',
  'cost',
  'priority',
  'arms',
  'mode',
  'model',
  'head',
  'catalogue',
  'rules',
  'holdout',
  'run',
  'carried_out',
  'outcome',
  'settled',
] as const satisfies readonly (keyof ExportedDecision)[];

/** Null where the evaluation policy cannot tell what it would have done. */
export function exportedDecision(
  decision: Decision,
  outcome: DecisionOutcome,
  { policy, reward, holdout }: { policy: EvaluationPolicy; reward: RewardKind; holdout: boolean },
): ExportedDecision | null {
  const probabilities = policy(decision);
  if (!probabilities) return null;
  const { arms, chosen, versions } = decision;
  const first = arms[chosen]?.candidate ?? null;
  const expected = arms.map(({ candidate }) => expectedReward(candidate, reward));
  return {
    decision_id: decision.decisionId,
    account: decision.accountId,
    contact: first?.contactId ?? null,
    decided_at: decision.decidedAt.toISOString(),
    action: first?.actionId ?? 'no-action',
    channel: first?.channelId ?? null,
    product: first?.productId ?? null,
    reward: rewardOf(outcome, first, reward),
    inclusion_probability: arms[chosen]?.probability ?? NaN,
    evaluation_probability: probabilities[chosen] ?? NaN,
    expected_reward_of_logged_action: expected[chosen] ?? 0,
    expected_reward_under_evaluation_policy: probabilities.reduce(
      (sum, probability, place) => sum + probability * (expected[place] ?? 0),
      0,
    ),
    propensity: first?.propensity ?? null,
    correction: first?.correction ?? null,
    value: first?.value ?? null,
    cost: first?.cost ?? null,
    priority: first?.priority ?? null,
    arms: arms.length,
    mode: decision.draw.mode,
    model: versions.model,
    head: versions.head,
    catalogue: versions.catalogue,
    rules: versions.rules,
    holdout,
    run: decision.runId,
    carried_out: outcome.carriedOut,
    outcome: outcome.happened,
    settled: outcome.settled,
  };
}

/** What came of the first place of a decision, in the kind of reward that is asked for. */
export function rewardOf(
  { happened, value, carriedOut }: DecisionOutcome,
  first: ScoredCandidate | null,
  kind: RewardKind,
): number {
  if (kind === 'outcome') return happened ? 1 : 0;
  return kind === 'value' ? value : value - (carriedOut ? (first?.cost ?? 0) : 0);
}

/** What the model that decided expected of an arm, if it is carried out. */
export function expectedReward(candidate: ScoredCandidate | null, kind: RewardKind): number {
  if (candidate === null) return 0;
  const { propensity, value, cost } = candidate;
  if (kind === 'outcome') return propensity;
  return kind === 'value' ? propensity * value : propensity * value - cost;
}

/** A row as CSV, quoted where it must be (RFC 4180). */
export function csvRow(row: ExportedDecision): string {
  return exportColumns.map((column) => csvField(row[column])).join(',');
}

function csvField(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
