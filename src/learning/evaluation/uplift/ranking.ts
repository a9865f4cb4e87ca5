/** How well predictions rank rows by what the treatment changes. */
export interface UpliftRanking {
  /** Normalised area under the Qini curve; null where the outcome is not yes and no. */
  qini: number | null;
  /** Normalised area under the uplift curve. */
  auuc: number | null;
  /** Treated less control among the tenth that is ranked first. */
  upliftAt10: number | null;
  upliftAt30: number | null;
}

/** One arm beside the control, ready to be measured many times with other weights of the rows. */
export class RankedRows {
  /** Rows by descending prediction; among equal ones the later row goes first. */
  private readonly order: Int32Array;
  /** 1 where the next row in the order has another prediction. */
  private readonly ends: Uint8Array;

  constructor(
    private readonly rows: Int32Array,
    predicted: Float64Array,
    private readonly treated: Uint8Array,
    private readonly outcome: Float64Array,
    private readonly binary: boolean,
  ) {
    this.order = Int32Array.from(rows, (_, place) => place).sort(
      (a, b) => (predicted[b] as number) - (predicted[a] as number) || b - a,
    );
    this.ends = Uint8Array.from(this.order, (place, index) =>
      predicted[place] === predicted[this.order[index + 1] ?? -1] ? 0 : 1,
    );
  }

  /** `weights` is indexed by row of the table: how often each was drawn. Without: every row once. */
  measure(weights?: ArrayLike<number>): UpliftRanking {
    const curves = new Curves();
    const counts = new Float64Array(4);
    const { order, rows, treated, outcome, ends } = this;
    const total = weights ? rows.reduce((sum, row) => sum + (weights[row] as number), 0) : rows.length;
    const tenth = new TopShare(Math.floor(total * 0.1));
    const third = new TopShare(Math.floor(total * 0.3));
    for (let index = 0; index < order.length; index += 1) {
      const place = order[index] as number;
      const weight = weights ? (weights[rows[place] as number] as number) : 1;
      const group = treated[place] as number;
      const value = outcome[place] as number;
      if (weight > 0) {
        curves.add(group, value, weight);
        tenth.add(group, value, weight);
        third.add(group, value, weight);
        counts[group * 2 + (value > 0 ? 1 : 0)] =
          (counts[group * 2 + (value > 0 ? 1 : 0)] as number) + weight;
      }
      if (ends[index] === 1) curves.point();
    }
    const perfect = this.binary ? perfectCurves(counts) : null;
    return {
      qini: perfect && normalised(curves.qini, perfect.qini),
      auuc: perfect && normalised(curves.uplift, perfect.uplift),
      upliftAt10: tenth.uplift(),
      upliftAt30: third.uplift(),
    };
  }
}

interface Curve {
  area: number;
  /** Height at the end. */
  last: number;
  /** Rows, weighted. */
  count: number;
}

/**
 * Qini curve y_t − y_c n_t / n_c (Radcliffe, 2007) and uplift curve (y_t / n_t − y_c / n_c) (n_t + n_c) (Devriendt, Guns &
 * Verbeke, 2020), joined by straight lines between rows whose predictions differ.
 */
class Curves {
  readonly qini: Curve = { area: 0, last: 0, count: 0 };
  readonly uplift: Curve = { area: 0, last: 0, count: 0 };
  private treated = 0;
  private control = 0;
  private ofTreated = 0;
  private ofControl = 0;

  add(group: number, outcome: number, weight: number): void {
    if (group === 1) {
      this.treated += weight;
      this.ofTreated += outcome * weight;
    } else {
      this.control += weight;
      this.ofControl += outcome * weight;
    }
  }

  point(): void {
    const { treated, control, ofTreated, ofControl } = this;
    const count = treated + control;
    if (count === this.qini.count) return;
    extend(this.qini, count, ofTreated - (control > 0 ? (ofControl * treated) / control : 0));
    const rates = (treated > 0 ? ofTreated / treated : 0) - (control > 0 ? ofControl / control : 0);
    extend(this.uplift, count, rates * count);
  }
}

function extend(curve: Curve, count: number, height: number): void {
  curve.area += ((curve.last + height) / 2) * (count - curve.count);
  curve.last = height;
  curve.count = count;
}

/** Rows alike in arm and outcome. */
type Alike = readonly [group: 0 | 1, outcome: 0 | 1, weight: number];

/** Curves of a ranking by steps, the rows of a step being ranked alike. */
function inSteps(...steps: readonly (readonly Alike[])[]): Curves {
  const curves = new Curves();
  for (const step of steps) {
    for (const [group, outcome, weight] of step) curves.add(group, outcome, weight);
    curves.point();
  }
  return curves;
}

/** What no ranking can surpass, of rows counted by arm and outcome. */
function perfectCurves([control = 0, eagerControl = 0, treated = 0, eagerTreated = 0]: Float64Array): {
  qini: Curve;
  uplift: Curve;
} {
  const helped: Alike = [1, 1, eagerTreated];
  const unhelped: Alike = [1, 0, treated];
  const unmoved: Alike = [0, 0, control];
  const eager: Alike = [0, 1, eagerControl];
  // as scikit-uplift orders: what agrees with the treatment first, and within the rest by the rarer of the two errors
  const errors = eagerControl > treated ? [[eager], [unhelped]] : [[unhelped], [eager]];
  return {
    qini: inSteps([helped], [unhelped, unmoved], [eager]).qini,
    uplift: inSteps([helped], [unmoved], ...errors).uplift,
  };
}

/** Area above the diagonal over the area that a perfect ranking has above it. */
function normalised(actual: Curve, perfect: Curve): number | null {
  const diagonal = (perfect.last * perfect.count) / 2;
  const best = perfect.area - diagonal;
  return best === 0 ? null : (actual.area - diagonal) / best;
}

/** Difference of mean outcomes among the first so many rows. */
class TopShare {
  private left: number;
  private readonly counts = [0, 0];
  private readonly sums = [0, 0];

  constructor(count: number) {
    this.left = count;
  }

  add(group: number, outcome: number, weight: number): void {
    if (this.left <= 0) return;
    const taken = Math.min(weight, this.left);
    this.left -= taken;
    this.counts[group] = (this.counts[group] ?? 0) + taken;
    this.sums[group] = (this.sums[group] ?? 0) + taken * outcome;
  }

  uplift(): number | null {
    const [control = 0, treated = 0] = this.counts;
    if (control === 0 || treated === 0) return null;
    return (this.sums[1] ?? 0) / treated - (this.sums[0] ?? 0) / control;
  }
}
