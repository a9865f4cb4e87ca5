import {
  PropensityModel,
  type AccountInputs,
  type CandidateInputs,
  type Contribution,
  type InputSchema,
  type ScoringCase,
} from '../../recommender/index.js';
import type { Artefact } from '../training/artefact.js';
import { calibrated } from '../training/calibration.js';
import { CompiledNetwork, type AccountSide, type CandidateSide } from './compiled-network.js';
import { contributionsOf } from './contributions.js';

/** Nearest that a propensity comes to 0 or 1. */
const EDGE = 1e-6;

/** A trained response model that serves: the account's side once a case, the candidate's side once a catalogue. */
export class ResponseModel extends PropensityModel {
  readonly name: string;
  readonly inputSchema: InputSchema;
  private readonly network: CompiledNetwork;
  private readonly scratch: Float32Array;
  private readonly headOf: ReadonlyMap<string, number>;
  private readonly meanRate: number;
  /** By action, then channel; few enough there to look through. */
  private readonly sides = new Map<string, Map<string, { candidate: CandidateInputs; side: CandidateSide | null }[]>>();

  constructor(
    readonly artefact: Artefact,
    readonly version: string,
  ) {
    super();
    this.name = artefact.name;
    this.inputSchema = artefact.schema;
    this.network = new CompiledNetwork(artefact);
    this.scratch = new Float32Array(artefact.architecture.joint + artefact.heads.length);
    this.headOf = new Map(artefact.heads.map((outcomeId, head) => [outcomeId, head]));
    this.meanRate = artefact.baseRates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, artefact.baseRates.length);
  }

  /** Outcomes that the model learned; for a candidate of any other it answers the mean of the base rates. */
  knows(outcomeId: string): boolean {
    return this.headOf.has(outcomeId);
  }

  score(cases: readonly ScoringCase[]): Float32Array[] {
    return cases.map(({ account, candidates }) => {
      const side = this.network.accountSide(account);
      const propensities = new Float32Array(candidates.length);
      for (let index = 0; index < candidates.length; index += 1) {
        propensities[index] = this.propensity(side, candidates[index] as CandidateInputs);
      }
      return propensities;
    });
  }

  contributions(account: AccountInputs, candidate: CandidateInputs): Contribution[] {
    const side = this.sideOf(candidate);
    return side ? contributionsOf(this.network, account, side, candidate) : [];
  }

  private propensity(account: AccountSide, candidate: CandidateInputs): number {
    const side = this.sideOf(candidate);
    if (!side) return this.meanRate;
    const logit = this.network.logit(account, side, candidate.crosses, this.scratch);
    const calibrator = this.artefact.calibrators[side.head];
    const propensity = calibrator ? calibrated(calibrator, logit) : 1 / (1 + Math.exp(-logit));
    return Math.min(1 - EDGE, Math.max(EDGE, propensity));
  }

  /** Null: the model has no head for its outcome. */
  private sideOf(candidate: CandidateInputs): CandidateSide | null {
    let channels = this.sides.get(candidate.actionId);
    if (!channels) this.sides.set(candidate.actionId, (channels = new Map()));
    let known = channels.get(candidate.channelId);
    if (!known) channels.set(candidate.channelId, (known = []));
    for (const entry of known) if (sameProfile(entry.candidate, candidate)) return entry.side;
    const head = this.headOf.get(candidate.outcomeId);
    const side = head === undefined ? null : this.network.candidateSide(candidate, head);
    if (known.length >= MOST_VARIANTS) known.length = 0;
    known.push({ candidate: { ...candidate, crosses: NOTHING }, side });
    return side;
  }
}

const NOTHING = new Float32Array(0);
/** Variants of one action on one channel that are kept; a catalogue that changes does not fill the memory. */
const MOST_VARIANTS = 256;

function sameProfile(one: CandidateInputs, other: CandidateInputs): boolean {
  return (
    one.productId === other.productId &&
    one.treatmentId === other.treatmentId &&
    one.outcomeId === other.outcomeId &&
    one.intent === other.intent &&
    one.purpose === other.purpose &&
    one.channelKind === other.channelKind &&
    (one.topics === other.topics ||
      (one.topics.length === other.topics.length && one.topics.every((topic, index) => topic === other.topics[index])))
  );
}
