import {
  type AccountInputs,
  type CandidateInputs,
  type CandidateKeys,
  type Contribution,
  type InputSchema,
  inputsAt,
  PropensityModel,
  type ScoringCase,
  type VariantCase,
} from '../../recommender/index.js';
import type { HeadOfAccount, OnlineHead } from './online-head.js';

/** Furthest that a correction goes, in logits. */
const LIMIT = 3;
/** Nearest that a propensity comes to 0 or 1. */
const EDGE = 1e-6;

/**
 * A model whose logits are corrected by what outcomes have taught since it was trained:
 *   p' = σ(logit p + wᵀx),   w the mode of the head's posterior, x the inputs crossed with what the candidate is.
 * Where nothing was learned p' is p itself.
 */
export class CorrectedModel extends PropensityModel {
  readonly name: string;
  readonly version: string;
  readonly inputSchema: InputSchema | null;
  override readonly headVersion: string;
  private last: { account: AccountInputs; heads: Map<string, HeadOfAccount | null> } | null = null;

  constructor(
    readonly base: PropensityModel,
    private readonly head: OnlineHead,
  ) {
    super();
    this.name = base.name;
    this.version = base.version;
    this.inputSchema = base.inputSchema;
    this.headVersion = head.version;
  }

  score(cases: readonly ScoringCase[], corrections?: Float32Array[]): Float32Array[] {
    const scores = this.base.score(cases);
    cases.forEach((one, index) => {
      const propensities = scores[index];
      if (propensities && corrections) corrections.push(this.correct(one, propensities));
      else if (propensities) this.correct(one, propensities);
    });
    return scores;
  }

  override scoreVariants(one: VariantCase): void {
    this.base.scoreVariants(one);
    const { account, variants, values, open, propensities, corrections, moments } = one;
    for (const place of open) {
      const head = this.headOf(account, (variants.keys[place] as CandidateKeys).outcomeId);
      if (!head) continue;
      const propensity = propensities[place] as number;
      const added = correctionBy(head, inputsAt(variants, values, place), propensity);
      corrections[place] = added + (moments?.[place] ?? 0);
      propensities[place] = corrected(propensity, corrections[place] as number);
    }
  }

  override hoursOf(outcomeId: string, channelId: string): Float64Array | null {
    return this.head.hoursOf(outcomeId, channelId);
  }

  contributions(account: AccountInputs, candidate: CandidateInputs): Contribution[] {
    return this.base.contributions(account, candidate);
  }

  override uncertainty(account: AccountInputs, candidate: CandidateInputs, baseLogit: number): number {
    return this.headOf(account, candidate.outcomeId)?.uncertainty(candidate, baseLogit) ?? 1;
  }

  /** Changes the propensities in place; gives what was added to each logit: float32, as it is logged. */
  private correct({ account, candidates }: ScoringCase, propensities: Float32Array): Float32Array {
    const added = new Float32Array(candidates.length);
    for (let place = 0; place < candidates.length; place += 1) {
      const candidate = candidates[place] as CandidateInputs;
      const head = this.headOf(account, candidate.outcomeId);
      if (!head) continue;
      const propensity = propensities[place] as number;
      added[place] = correctionBy(head, candidate, propensity);
      propensities[place] = corrected(propensity, added[place] as number);
    }
    return added;
  }

  /** The account that is at hand is asked about many times. */
  private headOf(account: AccountInputs, outcomeId: string): HeadOfAccount | null {
    if (this.last?.account !== account) this.last = { account, heads: new Map() };
    const { heads } = this.last;
    let head = heads.get(outcomeId);
    if (head === undefined) heads.set(outcomeId, (head = this.head.of(outcomeId, account)));
    return head;
  }
}

function logitOf(propensity: number): number {
  return Math.log(propensity / (1 - propensity));
}

function correctionBy(head: HeadOfAccount, candidate: CandidateInputs, propensity: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, head.correction(candidate, logitOf(propensity))));
}

/** `correction` as it is logged, float32. */
function corrected(propensity: number, correction: number): number {
  const moved = 1 / (1 + Math.exp(-logitOf(propensity) - correction));
  return Math.min(1 - EDGE, Math.max(EDGE, moved));
}
