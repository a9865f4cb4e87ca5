import {
  PropensityModel,
  type AccountInputs,
  type CandidateInputs,
  type Contribution,
  type InputSchema,
  type ScoringCase,
  type VariantCase,
  type VariantCrosses,
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
  private readonly scratch: Float64Array;
  private readonly headOf: ReadonlyMap<string, number>;
  private readonly meanRate: number;
  /** By action, then channel; few enough there to look through. */
  private readonly sides = new Map<string, Map<string, KnownSide[]>>();
  /** What stood at each place of the case before: accounts mostly have the same candidates in the same order. */
  private readonly before: KnownSide[] = [];

  private readonly ofVariants = new WeakMap<VariantCrosses, readonly (CandidateSide | null)[]>();

  constructor(
    readonly artefact: Artefact,
    readonly version: string,
  ) {
    super();
    this.name = artefact.name;
    this.inputSchema = artefact.schema;
    this.network = new CompiledNetwork(artefact);
    this.scratch = new Float64Array(artefact.architecture.joint + artefact.heads.length);
    this.headOf = new Map(artefact.heads.map((outcomeId, head) => [outcomeId, head]));
    this.meanRate =
      artefact.baseRates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, artefact.baseRates.length);
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
        propensities[index] = this.propensity(side, candidates[index] as CandidateInputs, index);
      }
      return propensities;
    });
  }

  /** Width of the account tower; 0: a linear or boosted model, which has none. */
  get embeddingWidth(): number {
    return this.artefact.architecture.tower === 0 ? 0 : this.artefact.architecture.embedding;
  }

  /** Activations of the account tower: where the model sees an account. */
  embedding(account: AccountInputs): Float32Array {
    return Float32Array.from(this.network.accountSide(account).embedding);
  }

  override scoreVariants({ account, variants, values, open, propensities }: VariantCase): void {
    let sides = this.ofVariants.get(variants);
    if (!sides) {
      sides = variants.keys.map((keys) => {
        const head = this.headOf.get(keys.outcomeId);
        return head === undefined ? null : this.network.candidateSide(keys, head);
      });
      this.ofVariants.set(variants, sides);
    }
    const accountSide = this.network.accountSide(account);
    for (const place of open) {
      const side = sides[place];
      const cells = variants.places[place] as Int32Array;
      propensities[place] = side
        ? this.chance(side, this.network.variantLogit(accountSide, side, { cells, values }, this.scratch))
        : this.meanRate;
    }
  }

  contributions(account: AccountInputs, candidate: CandidateInputs): Contribution[] {
    const { side } = this.known(candidate);
    return side ? contributionsOf(this.network, account, side, candidate) : [];
  }

  private propensity(account: AccountSide, candidate: CandidateInputs, place: number): number {
    let known = this.before[place];
    if (known === undefined || !sameCandidate(known.candidate, candidate)) {
      known = this.known(candidate);
      this.before[place] = known;
    }
    const { side } = known;
    if (!side) return this.meanRate;
    return this.chance(side, this.network.logit(account, side, candidate.crosses, this.scratch));
  }

  private chance(side: CandidateSide, logit: number): number {
    const calibrator = this.artefact.calibrators[side.head];
    const propensity = calibrator ? calibrated(calibrator, logit) : 1 / (1 + Math.exp(-logit));
    return Math.min(1 - EDGE, Math.max(EDGE, propensity));
  }

  private known(candidate: CandidateInputs): KnownSide {
    let channels = this.sides.get(candidate.actionId);
    if (!channels) this.sides.set(candidate.actionId, (channels = new Map()));
    let variants = channels.get(candidate.channelId);
    if (!variants) channels.set(candidate.channelId, (variants = []));
    for (const variant of variants) if (sameCandidate(variant.candidate, candidate)) return variant;
    const head = this.headOf.get(candidate.outcomeId);
    const side = head === undefined ? null : this.network.candidateSide(candidate, head);
    const made = { candidate: { ...candidate, crosses: NOTHING }, side };
    if (variants.length >= MOST_VARIANTS) variants.length = 0;
    variants.push(made);
    return made;
  }
}

interface KnownSide {
  candidate: CandidateInputs;
  /** Null: the model has no head for its outcome. */
  side: CandidateSide | null;
}

const NOTHING = new Float32Array(0);
/** Variants of one action on one channel that are kept; a catalogue that changes does not fill the memory. */
const MOST_VARIANTS = 256;

/** Candidates of one catalogue share their list of topics: then the rest, which the catalogue derives, is the same too. */
function sameCandidate(one: CandidateInputs, other: CandidateInputs): boolean {
  if (one.actionId !== other.actionId || one.channelId !== other.channelId) return false;
  if (one.productId !== other.productId || one.treatmentId !== other.treatmentId) return false;
  if (one.outcomeId !== other.outcomeId || one.intent !== other.intent) return false;
  if (one.topics === other.topics) return true;
  return (
    one.purpose === other.purpose &&
    one.channelKind === other.channelKind &&
    one.topics.length === other.topics.length &&
    one.topics.every((topic, index) => topic === other.topics[index])
  );
}
