import type { Refusal } from '../../contact-policy/index.js';
import type { VariantCrosses } from '../scoring/variant-case.js';
import { inputsAt } from '../scoring/variant-case.js';
import type { Lowering } from '../situation.js';
import type { SlotWindow } from '../slots/windows.js';
import type { Considered, ContactView, Performer, Tier } from './considered.js';
import type { VariantColumns } from './variant-columns.js';

/** Candidates of one contact on their way through the pipeline, column by column; each stage fills its own columns. */
export class ContactCandidates {
  /** How many there are, and the places of their variants. */
  count = 0;
  readonly places: Uint32Array;
  /** By place, as all that follows: number of its refusal; 0: none. */
  readonly refusalOf: Uint32Array;
  readonly tier: Uint8Array;
  /** Worth of success with this account, as it is logged. */
  value: Float32Array;
  readonly context: Float64Array;
  /** What lowers it; empty: nothing lowers anything. */
  lowered: (readonly Lowering[] | null)[] = [];
  readonly slots: (SlotWindow | null)[];
  /** What the hours of its slot add to the logit, as far as that was learned. */
  readonly moment: Float32Array;
  readonly propensity: Float32Array;
  readonly correction: Float32Array;
  /** What suggesting adds to the chance of the outcome; null: the catalogue is valued by propensity. */
  incremental: Float32Array | null = null;
  readonly priority: Float64Array;
  /** What the account's history gave for the crosses of the model that scored; null: nothing was scored. */
  crosses: { variants: VariantCrosses; values: Float32Array } | null = null;
  private refusals: (Refusal | null)[] = [null];

  private constructor(
    readonly columns: VariantColumns,
    public view: ContactView,
    private performers: readonly Performer[],
  ) {
    this.places = new Uint32Array(columns.count);
    this.refusalOf = new Uint32Array(columns.count);
    this.tier = new Uint8Array(columns.count);
    this.value = columns.value;
    this.context = new Float64Array(columns.count);
    this.slots = Array.from<SlotWindow | null>({ length: columns.count }).fill(null);
    this.moment = new Float32Array(columns.count);
    this.propensity = new Float32Array(columns.count);
    this.correction = new Float32Array(columns.count);
    this.priority = new Float64Array(columns.count);
  }

  /** Columns that nobody uses any more, or new ones. `performers` by channel. */
  static of(columns: VariantColumns, view: ContactView, performers: readonly Performer[]): ContactCandidates {
    const spare = spares.get(columns)?.pop();
    if (!spare) return new ContactCandidates(columns, view, performers);
    spare.view = view;
    spare.performers = performers;
    return spare;
  }

  /** Gives the columns back, to be used for another contact. */
  release(): void {
    this.count = 0;
    this.refusalOf.fill(0);
    this.correction.fill(0);
    this.slots.fill(null);
    this.moment.fill(0);
    this.lowered = [];
    this.value = this.columns.value;
    this.crosses = null;
    this.incremental = null;
    this.refusals = [null];
    const own = spares.get(this.columns);
    if (own) own.push(this);
    else spares.set(this.columns, [this]);
  }

  add(place: number, tier: Tier, context: number): void {
    this.places[this.count] = place;
    this.count += 1;
    this.tier[place] = tier;
    this.context[place] = context;
  }

  /** Number of a refusal, to be given to many candidates; 0 for none. */
  numberOf(refusal: Refusal | null | undefined): number {
    return refusal ? this.refusals.push(refusal) - 1 : 0;
  }

  refuse(place: number, refusal: Refusal): void {
    this.refusalOf[place] = this.numberOf(refusal);
  }

  refusal(place: number): Refusal | null {
    return this.refusals[this.refusalOf[place] as number] ?? null;
  }

  /** Throws for a number that was not given, and for 0. */
  refusalNumbered(number: number): Refusal {
    const refusal = this.refusals[number];
    if (!refusal) throw new RangeError(`There is no refusal ${number}`);
    return refusal;
  }

  /** Of those that may be made, the places. */
  open(): Uint32Array {
    const open = new Uint32Array(this.count);
    let found = 0;
    for (let index = 0; index < this.count; index += 1) {
      const place = this.places[index] as number;
      if (this.refusalOf[place] === 0) open[found++] = place;
    }
    return open.subarray(0, found);
  }

  performer(place: number): Performer {
    return this.performers[this.columns.channelOf[place] as number] as Performer;
  }

  at(place: number): Considered {
    const { columns, view, crosses } = this;
    const variant = columns.variants[place];
    if (!variant) throw new RangeError(`There is no variant ${place} of ${columns.count}`);
    const refusal = this.refusal(place);
    return {
      variant,
      onChannel: columns.onChannel[place] as number,
      view,
      performedBy: this.performer(place),
      refusal,
      tier: this.tier[place] as Tier,
      value: this.value[place] as number,
      context: this.context[place] as number,
      lowered: this.lowered[place] ?? null,
      inputs: refusal || !crosses ? null : inputsAt(crosses.variants, crosses.values, place),
      slot: this.slots[place] ?? null,
      propensity: this.propensity[place] as number,
      correction: this.correction[place] as number,
      incremental: this.incremental?.[place],
      priority: this.priority[place] as number,
    };
  }
}

const spares = new WeakMap<VariantColumns, ContactCandidates[]>();
