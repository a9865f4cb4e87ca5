import type { ChannelKind, Intent } from '../../catalogue/index.js';
import type { FeatureDefinition } from '../../features/index.js';
import { splitCross } from './input-schema.js';
import {
  type AccountInputs,
  type CandidateInputs,
  type Contribution,
  type InputSchema,
  PropensityModel,
  type ScoringCase,
} from './propensity-model.js';
import type { VariantCase, VariantCrosses } from './variant-case.js';

/** Declared chance of success of an ordinary suggestion on each kind of channel, before any model exists. */
export const baseRates: Readonly<Record<ChannelKind, number>> = {
  email: 0.04,
  sms: 0.05,
  app: 0.06,
  web: 0.05,
  chat: 0.12,
  social: 0.03,
  call: 0.15,
  visit: 0.25,
  event: 0.12,
  branch: 0.2,
  podcast: 0.03,
  mail: 0.02,
  advert: 0.01,
};

/** Declared factor of each intent on the odds. */
export const intentOdds: Readonly<Record<Intent, number>> = {
  offer: 0.7,
  content: 1.5,
  'follow-up': 1.4,
  meeting: 0.8,
  handover: 1.2,
  referral: 0.5,
  retention: 0.9,
  service: 1.6,
};

/** Events by which somebody shows interest in what they are about. */
export const interestEvents: ReadonlySet<string> = new Set([
  'Page Viewed',
  'Content Viewed',
  'Product Viewed',
  'Product Added',
  'Email Link Clicked',
  'Form Submitted',
  'Question Asked',
]);

const UNKNOWN_RATE = 0.05;
/** Logits for each e-fold of interest shown in the candidate's topic or product, and the most that one input may add. */
const INTEREST_WEIGHT = 0.25;
const INTEREST_LIMIT = 1;

/** Variants for which the rules say the same, whatever the account: as good as anywhere, and the interest that they read. */
interface Group {
  base: number;
  cells: Int32Array;
}
interface Alike {
  groupOf: Uint32Array;
  groups: readonly Group[];
  /** All cells that some group reads. */
  read: Int32Array;
}

/**
 * The baseline: declared chances by kind of channel and intent, raised by the interest that the account has shown in
 * the candidate's own topics and product, or that an insight expects of it:
 *   logit p = logit(base rate) + ln(intent odds) + Σ min(0.25 ln(1 + interest), 1).
 * It answers before a model exists and serves the holdout. It reads the full schema, so that the snapshots of its
 * decisions can train the first model.
 */
export class FallbackRules extends PropensityModel {
  readonly name = 'fallback-rules';
  readonly version = '1';
  private readonly interest: { place: number; input: string }[];
  private readonly baseLogits = new Map<string, Map<string, number>>();
  private readonly alike = new WeakMap<VariantCrosses, Alike>();

  constructor(
    readonly inputSchema: InputSchema,
    definitions: readonly FeatureDefinition[],
  ) {
    super();
    const showing = new Set(definitions.filter(showsInterest).map(({ name }) => name));
    this.interest = inputSchema.crosses.flatMap((input, place) =>
      showing.has(splitCross(input).name) ? [{ place, input }] : [],
    );
  }

  score(cases: readonly ScoringCase[]): Float32Array[] {
    return cases.map(({ candidates }) =>
      Float32Array.from(candidates, (candidate) => this.propensity(candidate)),
    );
  }

  override scoreVariants({ variants, values, open, propensities }: VariantCase): void {
    let alike = this.alike.get(variants);
    if (!alike) this.alike.set(variants, (alike = this.groupsOf(variants)));
    const { groupOf, groups, read } = alike;
    const logits = new Float64Array(values.length);
    for (const cell of read) logits[cell] = interestLogit(values[cell] as number);
    const scores = new Float64Array(groups.length).fill(NaN);
    for (const place of open) {
      const number = groupOf[place] as number;
      if (Number.isNaN(scores[number])) {
        const { base, cells } = groups[number] as Group;
        let logit = base;
        for (const cell of cells) logit += logits[cell] as number;
        scores[number] = 1 / (1 + Math.exp(-logit));
      }
      propensities[place] = scores[number] as number;
    }
  }

  private groupsOf({ keys, places }: VariantCrosses): Alike {
    const known = new Map<string, number>();
    const groups: Group[] = [];
    const groupOf = Uint32Array.from(keys, ({ channelKind, intent }, variant) => {
      const base = this.baseLogit(channelKind, intent);
      const cells = this.interest
        .map(({ place }) => places[variant]?.[place] ?? -1)
        .filter((cell) => cell >= 0);
      const label = `${base} ${cells.join(' ')}`;
      const number = known.get(label) ?? groups.push({ base, cells: Int32Array.from(cells) }) - 1;
      known.set(label, number);
      return number;
    });
    return { groupOf, groups, read: Int32Array.from(new Set(groups.flatMap(({ cells }) => [...cells]))) };
  }

  contributions(_account: AccountInputs, candidate: CandidateInputs): Contribution[] {
    return this.interest
      .map(({ place, input }) => {
        const value = candidate.crosses[place] ?? NaN;
        return { input, value, weight: interestLogit(value) };
      })
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight);
  }

  private propensity(candidate: CandidateInputs): number {
    let logit = this.baseLogit(candidate.channelKind, candidate.intent);
    for (const { place } of this.interest) logit += interestLogit(candidate.crosses[place] ?? NaN);
    return 1 / (1 + Math.exp(-logit));
  }

  private baseLogit(channelKind: string, intent: string): number {
    let ofKind = this.baseLogits.get(channelKind);
    if (!ofKind) this.baseLogits.set(channelKind, (ofKind = new Map()));
    let logit = ofKind.get(intent);
    if (logit === undefined) {
      const rate = declared(baseRates, channelKind) ?? UNKNOWN_RATE;
      logit = Math.log(rate / (1 - rate)) + Math.log(declared(intentOdds, intent) ?? 1);
      ofKind.set(intent, logit);
    }
    return logit;
  }
}

/** Whether the larger a feature, the more interest in its topic or product it shows. */
export function showsInterest(definition: FeatureDefinition): boolean {
  if (definition.kind === 'published') return definition.interest === true;
  const { kind, by, events } = definition;
  if (kind !== 'count' && kind !== 'decayed-sum') return false;
  return (
    (by === 'topic' || by === 'product') && events !== '*' && events.some((name) => interestEvents.has(name))
  );
}

function declared(table: Readonly<Record<string, number>>, name: string): number | undefined {
  return table[name];
}

function interestLogit(value: number): number {
  return value > 0 ? Math.min(INTEREST_WEIGHT * Math.log1p(value), INTEREST_LIMIT) : 0;
}
