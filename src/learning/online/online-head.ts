import { Packr } from 'msgpackr';
import type { FeatureDefinition } from '../../features/index.js';
import {
  type AccountInputs,
  type CandidateInputs,
  type InputSchema,
  schemaDigest,
} from '../../recommender/index.js';
import type { HeadBelief } from './fit-head.js';
import { InputScales, type Sparse } from './head-inputs.js';
import { type Blocks, HeadLayout, type HeadPrior } from './head-layout.js';

/** What was learned of one outcome. */
export interface LearnedOutcome {
  outcomeId: string;
  prior: HeadPrior;
  layout: HeadLayout;
  scales: InputScales;
  belief: HeadBelief;
}

interface PackedHead {
  /** Digest of the inputs that it reads. */
  inputs: string;
  outcomes: PackedOutcome[];
}

interface PackedOutcome {
  outcomeId: string;
  prior: HeadPrior;
  names: readonly string[];
  /** Learned standard deviations by group of weights. */
  widths?: readonly number[];
  values: readonly number[];
  mean: Uint8Array;
  spread: Uint8Array;
}

const HOURS_OF_WEEK = 168;

const packr = new Packr({ useRecords: false });

/** As it is stored and serves: float32, so that what is stored is what is used. */
export function packHead(schema: InputSchema, outcomes: readonly LearnedOutcome[]): Buffer {
  const packed: PackedHead = {
    inputs: inputsOf(schema),
    outcomes: outcomes.map(({ outcomeId, prior, layout, scales, belief }) => ({
      outcomeId,
      prior,
      names: layout.names,
      widths: layout.widths,
      values: scales.values,
      mean: bytesOf(belief.mean),
      spread: bytesOf(belief.spread),
    })),
  };
  return packr.pack(packed);
}

/** Nothing where it was learned for other inputs. */
export function unpackOutcomes(
  bytes: Uint8Array,
  schema: InputSchema,
  definitions: readonly FeatureDefinition[],
): LearnedOutcome[] {
  const { inputs, outcomes } = packr.unpack(bytes) as PackedHead;
  if (inputs !== inputsOf(schema)) return [];
  return outcomes.map(({ outcomeId, prior, names, widths, values, mean, spread }) => {
    const scales = new InputScales(schema, definitions, [...values]);
    const layout = new HeadLayout(scales.sizes, prior, names, widths);
    const belief = { mean: numbersFrom(mean), spread: numbersFrom(spread) };
    if (belief.mean.length !== layout.size)
      throw new Error(`A head of ${layout.size} weights has ${belief.mean.length} numbers`);
    return { outcomeId, prior, layout, scales, belief };
  });
}

/** What a head reads: the digest of the schema, and its profiles. */
function inputsOf(schema: InputSchema): string {
  return [schemaDigest(schema), ...(schema.profiles ?? [])].join(' ');
}

function bytesOf(numbers: Float64Array): Buffer {
  return Buffer.from(Float32Array.from(numbers).buffer);
}

function numbersFrom(bytes: Uint8Array): Float64Array {
  return Float64Array.from(new Float32Array(Uint8Array.from(bytes).buffer));
}

/** What outcomes have taught since the model was trained, ready to be asked. */
export class OnlineHead {
  private readonly outcomes: ReadonlyMap<string, LearnedOutcome>;
  private readonly hours = new Map<string, Float64Array | null>();

  constructor(
    readonly version: string,
    outcomes: readonly LearnedOutcome[],
  ) {
    this.outcomes = new Map(outcomes.map((learned) => [learned.outcomeId, learned]));
  }

  /**
   * What was learned of when the outcome's touches on a channel are carried out: by hour of the week in the contact's time
   * (0 is Monday 00:00) what is added to the logit. Null where nothing was.
   */
  hoursOf(outcomeId: string, channelId: string): Float64Array | null {
    const key = `${outcomeId}\u0000${channelId}`;
    let hours = this.hours.get(key);
    if (hours === undefined) this.hours.set(key, (hours = this.readHours(outcomeId, channelId)));
    return hours;
  }

  private readHours(outcomeId: string, channelId: string): Float64Array | null {
    const learned = this.outcomes.get(outcomeId);
    if (!learned) return null;
    const { layout, belief } = learned;
    const hours = Float64Array.from({ length: HOURS_OF_WEEK }, (_, hour) =>
      layout.knownHoursOf(channelId, hour).reduce((sum, place) => sum + (belief.mean[place] as number), 0),
    );
    return hours.some((added) => added !== 0) ? hours : null;
  }

  /** One account with what is asked of it; null where nothing was learned of the outcome. */
  of(outcomeId: string, account: AccountInputs): HeadOfAccount | null {
    const learned = this.outcomes.get(outcomeId);
    return learned ? new HeadOfAccount(learned, learned.scales.account(account)) : null;
  }
}

/** Corrections of one account's candidates: what its side adds to a block is summed once. */
export class HeadOfAccount {
  private readonly sums = new Map<number, number>();

  constructor(
    private readonly learned: LearnedOutcome,
    private readonly account: Sparse,
  ) {}

  /** What is added to the logit of a candidate. */
  correction(candidate: CandidateInputs, logit: number): number {
    const { layout, scales, belief } = this.learned;
    const blocks = layout.knownBlocksOf(candidate);
    let sum = this.accountSide(blocks);
    for (const start of blocks.single) sum += belief.mean[start] as number;
    return sum + scales.crossSum(belief.mean, blocks.crosses, candidate.crosses, logit);
  }

  /** How uncertain the correction is, as a share of what it was before any outcome. In (0, 1]. */
  uncertainty(candidate: CandidateInputs, logit: number): number {
    const { layout, scales, belief } = this.learned;
    const blocks = layout.knownBlocksOf(candidate);
    const row = { blocks, account: this.account, crosses: scales.crosses(candidate.crosses, logit) };
    const before = varianceOf(this.prior(), row);
    return before > 0 ? Math.min(1, Math.sqrt(varianceOf(belief.spread, row) / before)) : 1;
  }

  private prior(): Float64Array {
    const { layout, belief } = this.learned;
    let variances = priorVariances.get(belief);
    if (!variances) {
      variances = belief.mean.map((_, place) => layout.declaredDeviation(place) ** 2);
      priorVariances.set(belief, variances);
    }
    return variances;
  }

  private accountSide({ account: starts }: Blocks): number {
    const { mean } = this.learned.belief;
    const { places, values } = this.account;
    let total = 0;
    for (const start of starts) {
      let sum = this.sums.get(start);
      if (sum === undefined) {
        sum = 0;
        for (let index = 0; index < places.length; index += 1)
          sum += (mean[start + (places[index] as number)] as number) * (values[index] as number);
        this.sums.set(start, sum);
      }
      total += sum;
    }
    return total;
  }
}

const priorVariances = new WeakMap<HeadBelief, Float64Array>();

/** Σ s x² of a candidate's row: the variance of wᵀx where s are the variances of w. */
function varianceOf(
  spread: Float64Array,
  { blocks, account, crosses }: { blocks: Blocks; account: Sparse; crosses: Sparse },
): number {
  let sum = 0;
  for (const start of blocks.single) sum += spread[start] as number;
  return sum + innerSquares(spread, blocks.account, account) + innerSquares(spread, blocks.crosses, crosses);
}

function innerSquares(weights: Float64Array, starts: Int32Array, { places, values }: Sparse): number {
  let sum = 0;
  for (let block = 0; block < starts.length; block += 1) {
    const start = starts[block] as number;
    for (let index = 0; index < places.length; index += 1)
      sum += (weights[start + (places[index] as number)] as number) * (values[index] as number) ** 2;
  }
  return sum;
}
