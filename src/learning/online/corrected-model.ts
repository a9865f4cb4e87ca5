import {
  type AccountInputs,
  type CandidateInputs,
  type Contribution,
  type InputSchema,
  PropensityModel,
  type ScoringCase,
} from '../../recommender/index.js';
import { type OnlineHead, type ServedBelief, widthOf } from './online-head.js';
import { projectionOfAccount, PROJECTIONS, representationOf, slopeOf } from './representation.js';

/** Furthest that a correction goes, in logits. */
const LIMIT = 3;
/** Nearest that a propensity comes to 0 or 1. */
const EDGE = 1e-6;
const NOTHING_READ: InputSchema = { featureSet: '', numbers: [], categories: [], crosses: [] };

/**
 * A model whose logits are corrected by what outcomes have taught since it was trained:
 *   p' = σ(logit p + θᵀφ),   θ the mean of the arm's belief.
 * Where nothing was learned p' is p itself.
 */
export class CorrectedModel extends PropensityModel {
  readonly name: string;
  readonly version: string;
  readonly inputSchema: InputSchema | null;
  override readonly headVersion: string;
  /** The belief that stood at each place of the case before: accounts mostly have the same candidates in the same order. */
  private readonly before: {
    actionId: string;
    channelId: string;
    outcomeId: string;
    belief: ServedBelief | null;
  }[] = [];

  private last: { account: AccountInputs; projected: Float64Array } | null = null;

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
      if (propensities) corrections?.push(this.correct(one, propensities));
      if (propensities && !corrections) this.correct(one, propensities);
    });
    return scores;
  }

  contributions(account: AccountInputs, candidate: CandidateInputs): Contribution[] {
    return this.base.contributions(account, candidate);
  }

  override uncertainty(account: AccountInputs, candidate: CandidateInputs, baseLogit: number): number {
    const belief = this.beliefOf(candidate);
    if (!belief) return 1;
    const phi = representationOf(baseLogit, this.projected(account));
    return widthOf(belief, phi) / this.head.priorWidth;
  }

  /** Changes the propensities in place; gives what was added to each logit. */
  private correct({ account, candidates }: ScoringCase, propensities: Float32Array): Float32Array {
    const added = new Float32Array(candidates.length);
    const projected = this.projected(account);
    for (let place = 0; place < candidates.length; place += 1) {
      const belief = this.remembered(candidates[place] as CandidateInputs, place);
      if (!belief) continue;
      const propensity = propensities[place] as number;
      const logit = Math.log(propensity / (1 - propensity));
      added[place] = correctionOf(belief, logit, projected);
      const corrected = 1 / (1 + Math.exp(-logit - (added[place] as number)));
      propensities[place] = Math.min(1 - EDGE, Math.max(EDGE, corrected));
    }
    return added;
  }

  /** The account that is at hand is asked about many times. */
  private projected(account: AccountInputs): Float64Array {
    if (this.last?.account !== account)
      this.last = { account, projected: projectionOfAccount(this.inputSchema ?? NOTHING_READ, account) };
    return this.last.projected;
  }

  private remembered(candidate: CandidateInputs, place: number): ServedBelief | null {
    const { actionId, channelId, outcomeId } = candidate;
    const known = this.before[place];
    if (known?.actionId === actionId && known.channelId === channelId && known.outcomeId === outcomeId)
      return known.belief;
    const belief = this.beliefOf(candidate);
    this.before[place] = { actionId, channelId, outcomeId, belief };
    return belief;
  }

  private beliefOf({ actionId, channelId, outcomeId }: CandidateInputs): ServedBelief | null {
    return this.head.arm(actionId, channelId) ?? this.head.newcomer(channelId, outcomeId) ?? null;
  }
}

/** θᵀφ, bounded; float32, as it is logged. */
export function correctionOf({ mean }: ServedBelief, logit: number, projected: Float64Array): number {
  let sum = (mean[0] as number) + (mean[1] as number) * slopeOf(logit);
  for (let place = 0; place < PROJECTIONS; place += 1)
    sum += (mean[place + 2] as number) * (projected[place] as number);
  return Math.fround(Math.max(-LIMIT, Math.min(LIMIT, sum)));
}
