import type { HeadInputs, Sparse } from './head-inputs.js';
import type { Blocks } from './head-layout.js';

/** A suggestion that was carried out: what the model read of it, and the blocks of weights that apply. */
export interface HeadRow extends Pick<HeadInputs, 'logit' | 'account' | 'crosses'> {
  blocks: Blocks;
  /** Weights of the hour in which it was carried out: none, or two. */
  hours?: readonly number[];
}

/** No weight. */
const NONE = -1;
const FIRST_ROWS = 64;
const FIRST_NUMBERS = 32 * FIRST_ROWS;
/** Places of rows that were taken out are used again once they are a third of those that stand. */
const MOST_WASTE = 1 / 3;

/**
 * The trials of one outcome as rows x with labels and weights. All lie in a few long arrays: a hundred thousand of them
 * are no objects that the collector of garbage has to visit, and a pass over all reads memory in order. Rows keep their
 * order; one that was taken out weighs nothing until its place is used again (`compact`).
 */
export class HeadRows {
  /** Where each row is. */
  private readonly indexes = new Map<string, number>();
  private used = 0;
  private numbersUsed = 0;

  /** Of each row: 0 or 1; how much it counts, at all and by its age (not negative); Unix milliseconds; the model's logit. */
  label = new Uint8Array(FIRST_ROWS);
  fullWeight = new Float64Array(FIRST_ROWS);
  weight = new Float64Array(FIRST_ROWS);
  startedAt = new Float64Array(FIRST_ROWS);
  logit = new Float64Array(FIRST_ROWS);

  private readonly blocks: Blocks[] = [];
  /** Of each row: the weights of the weekday and of the part of the day in which it was; −1 where that is unknown. */
  weekday = new Int32Array(FIRST_ROWS);
  part = new Int32Array(FIRST_ROWS);
  /** Where the numbers of each row begin, those of its account first, where its crosses begin and where they end. */
  accountFrom = new Uint32Array(FIRST_ROWS);
  crossesFrom = new Uint32Array(FIRST_ROWS);
  end = new Uint32Array(FIRST_ROWS);
  /** Numbers that are not zero: where in the vector, and what. */
  places = new Uint32Array(FIRST_NUMBERS);
  values = new Float32Array(FIRST_NUMBERS);

  /** Rows that stand. */
  get size(): number {
    return this.indexes.size;
  }

  /** Indexes run from 0 to this, those of rows that were taken out among them. */
  get count(): number {
    return this.used;
  }

  find(name: string): number | undefined {
    return this.indexes.get(name);
  }

  /** Gives the index of a new row, which weighs nothing yet. */
  add(name: string, { logit, account, crosses, blocks, hours = [] }: HeadRow, startedAt: number): number {
    const index = this.used;
    if (index === this.label.length) this.grow();
    this.used += 1;
    this.indexes.set(name, index);
    this.label[index] = 0;
    this.fullWeight[index] = 0;
    this.weight[index] = 0;
    this.startedAt[index] = startedAt;
    this.logit[index] = logit;
    this.blocks[index] = blocks;
    this.weekday[index] = hours[0] ?? NONE;
    this.part[index] = hours[1] ?? NONE;
    this.accountFrom[index] = this.numbersUsed;
    this.write(account);
    this.crossesFrom[index] = this.numbersUsed;
    this.write(crosses);
    this.end[index] = this.numbersUsed;
    return index;
  }

  /** False where there was none. */
  remove(name: string): boolean {
    const index = this.indexes.get(name);
    if (index === undefined) return false;
    this.indexes.delete(name);
    this.fullWeight[index] = 0;
    this.weight[index] = 0;
    return true;
  }

  /** Takes out the rows that began first, so that so many stand at most. */
  keepNewest(most: number): void {
    const extra = this.size - most;
    if (extra <= 0) return;
    const began = (index: number): number => this.startedAt[index] as number;
    const oldest = [...this.indexes].sort(([, a], [, b]) => began(a) - began(b)).slice(0, extra);
    for (const [name] of oldest) this.remove(name);
  }

  /** Moves rows to places that are free where these have become many: indexes change, their order does not. */
  compact(): void {
    if (this.used - this.size <= MOST_WASTE * this.size) return;
    let next = 0;
    let numbers = 0;
    for (const [name, index] of this.indexes) {
      const from = this.accountFrom[index] as number;
      const crosses = this.crossesFrom[index] as number;
      const end = this.end[index] as number;
      this.places.copyWithin(numbers, from, end);
      this.values.copyWithin(numbers, from, end);
      const { label, fullWeight, weight, startedAt, logit, weekday, part } = this;
      for (const array of [label, fullWeight, weight, startedAt, logit, weekday, part])
        array[next] = array[index] as number;
      this.blocks[next] = this.blocks[index] as Blocks;
      this.accountFrom[next] = numbers;
      this.crossesFrom[next] = numbers + crosses - from;
      numbers += end - from;
      this.end[next] = numbers;
      this.indexes.set(name, next);
      next += 1;
    }
    this.used = next;
    this.numbersUsed = numbers;
    this.blocks.length = next;
  }

  blocksOf(index: number): Blocks {
    return this.blocks[index] as Blocks;
  }

  /** The weights of which a row has one each, beside those of its vectors. */
  singleOf(index: number): number[] {
    const { single } = this.blocksOf(index);
    return [
      ...single,
      ...[this.weekday[index], this.part[index]].filter((place) => place !== NONE),
    ] as number[];
  }

  /** wᵀx. */
  dot(weights: Float64Array, index: number): number {
    const { account, crosses } = this.blocksOf(index);
    const from = this.accountFrom[index] as number;
    const middle = this.crossesFrom[index] as number;
    const end = this.end[index] as number;
    let sum = 0;
    for (const place of this.singleOf(index)) sum += weights[place] as number;
    return sum + this.inner(weights, account, from, middle) + this.inner(weights, crosses, middle, end);
  }

  private inner(weights: Float64Array, starts: Int32Array, from: number, to: number): number {
    const { places, values } = this;
    let sum = 0;
    for (let block = 0; block < starts.length; block += 1) {
      const start = starts[block] as number;
      for (let at = from; at < to; at += 1)
        sum += (weights[start + (places[at] as number)] as number) * (values[at] as number);
    }
    return sum;
  }

  private write({ places, values }: Sparse): void {
    const until = this.numbersUsed + places.length;
    if (until > this.places.length) {
      const length = Math.max(2 * this.places.length, until);
      this.places = copied(this.places, new Uint32Array(length));
      this.values = copied(this.values, new Float32Array(length));
    }
    this.places.set(places, this.numbersUsed);
    this.values.set(values, this.numbersUsed);
    this.numbersUsed = until;
  }

  private grow(): void {
    const length = 2 * this.label.length;
    this.label = copied(this.label, new Uint8Array(length));
    this.fullWeight = copied(this.fullWeight, new Float64Array(length));
    this.weight = copied(this.weight, new Float64Array(length));
    this.startedAt = copied(this.startedAt, new Float64Array(length));
    this.logit = copied(this.logit, new Float64Array(length));
    this.weekday = copied(this.weekday, new Int32Array(length));
    this.part = copied(this.part, new Int32Array(length));
    this.accountFrom = copied(this.accountFrom, new Uint32Array(length));
    this.crossesFrom = copied(this.crossesFrom, new Uint32Array(length));
    this.end = copied(this.end, new Uint32Array(length));
  }
}

function copied<Numbers extends Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array>(
  from: Numbers,
  into: Numbers,
): Numbers {
  into.set(from);
  return into;
}
