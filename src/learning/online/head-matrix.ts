import type { Blocks } from './head-layout.js';
import type { HeadRows } from './head-rows.js';

/** Rows to which the same blocks apply. */
interface RowGroup {
  blocks: Blocks;
  /** Their places in `order`. */
  from: number;
  to: number;
  /** Where any of them has a number: in the vector of the account, and in that of the crosses. */
  account: Uint32Array;
  crosses: Uint32Array;
}

/** Rows between two pauses: some milliseconds. */
const ROWS_AT_ONCE = 8192;

/**
 * The matrix X of the rows that weigh anything, a row a trial and a column a weight, as it stands when it is made. A row
 * repeats its account's numbers under each of its blocks; so rows of the same blocks are taken together, their weights
 * summed over the blocks first, and what they add spread over the blocks last: a pass costs as many products as the rows
 * have numbers, however many blocks there are. Passes are generators, which pause so that other work has its turn.
 */
export class HeadMatrix {
  private readonly order: Uint32Array;
  private readonly groups: RowGroup[] = [];
  /** Sums by place, of one group at a time. */
  private readonly sums: Sums;

  constructor(private readonly rows: HeadRows) {
    const byBlocks = new Map<Blocks, number[]>();
    for (let index = 0; index < rows.count; index += 1) {
      if ((rows.weight[index] as number) <= 0) continue;
      const blocks = rows.blocksOf(index);
      const own = byBlocks.get(blocks);
      if (own) own.push(index);
      else byBlocks.set(blocks, [index]);
    }
    this.order = Uint32Array.from([...byBlocks.values()].flat());
    const account = new PlacesInUse();
    const crosses = new PlacesInUse();
    let from = 0;
    for (const [blocks, indexes] of byBlocks) {
      for (const index of indexes) {
        account.note(rows.places, rows.accountFrom[index] as number, rows.crossesFrom[index] as number);
        crosses.note(rows.places, rows.crossesFrom[index] as number, rows.end[index] as number);
      }
      const to = from + indexes.length;
      this.groups.push({ blocks, from, to, account: account.taken(), crosses: crosses.taken() });
      from = to;
    }
    this.sums = { account: new Float64Array(account.width), crosses: new Float64Array(crosses.width) };
  }

  /** into[row] = (X w)[row], for the rows that weigh anything. */
  *times(weights: Float64Array, into: Float64Array): Generator<void, void> {
    const { rows, order, sums } = this;
    for (const { group, from, to, pause } of this.pieces()) {
      const { blocks, account, crosses } = group;
      let common = 0;
      for (const start of blocks.single) common += weights[start] as number;
      fold(weights, blocks.account, account, sums.account);
      fold(weights, blocks.crosses, crosses, sums.crosses);
      multiply(rows, order.subarray(from, to), sums, common, into);
      addHours(rows, order.subarray(from, to), weights, into);
      if (pause) yield;
    }
  }

  /** into += Xᵀ f; with `squared` of the squares of its numbers. */
  *addTransposed(factors: Float64Array, into: Float64Array, squared = false): Generator<void, void> {
    const { rows, order, sums } = this;
    for (const { group, from, to, pause } of this.pieces()) {
      const { blocks, account, crosses } = group;
      clear(sums.account, account);
      clear(sums.crosses, crosses);
      const common = gather(rows, order.subarray(from, to), factors, squared, sums);
      for (const start of blocks.single) into[start] = (into[start] as number) + common;
      spreadHours(rows, order.subarray(from, to), factors, into);
      spread(sums.account, account, blocks.account, into);
      spread(sums.crosses, crosses, blocks.crosses, into);
      if (pause) yield;
    }
  }

  /** The groups, large ones in pieces, and after which of them others have their turn. */
  private *pieces(): Generator<{ group: RowGroup; from: number; to: number; pause: boolean }, void> {
    let since = 0;
    for (const group of this.groups)
      for (let from = group.from; from < group.to; from += ROWS_AT_ONCE) {
        const to = Math.min(group.to, from + ROWS_AT_ONCE);
        since += to - from;
        const pause = since >= ROWS_AT_ONCE;
        if (pause) since = 0;
        yield { group, from, to, pause };
      }
  }
}

interface Sums {
  account: Float64Array;
  crosses: Float64Array;
}

function multiply(
  { places, values, accountFrom, crossesFrom, end }: HeadRows,
  order: Uint32Array,
  { account, crosses }: Sums,
  common: number,
  into: Float64Array,
): void {
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number;
    const middle = crossesFrom[row] as number;
    const last = end[row] as number;
    let sum = common;
    for (let number = accountFrom[row] as number; number < middle; number += 1)
      sum += (account[places[number] as number] as number) * (values[number] as number);
    for (let number = middle; number < last; number += 1)
      sum += (crosses[places[number] as number] as number) * (values[number] as number);
    into[row] = sum;
  }
}

/** Adds the weights of each row's weekday and part of the day. */
function addHours(
  { weekday, part }: HeadRows,
  order: Uint32Array,
  weights: Float64Array,
  into: Float64Array,
): void {
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number;
    if ((weekday[row] as number) < 0) continue;
    into[row] =
      (into[row] as number) +
      (weights[weekday[row] as number] as number) +
      (weights[part[row] as number] as number);
  }
}

/** Adds each row's factor to the weights of its weekday and part of the day. */
function spreadHours(
  { weekday, part }: HeadRows,
  order: Uint32Array,
  factors: Float64Array,
  into: Float64Array,
): void {
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number;
    const ofDay = weekday[row] as number;
    const ofPart = part[row] as number;
    if (ofDay < 0) continue;
    into[ofDay] = (into[ofDay] as number) + (factors[row] as number);
    into[ofPart] = (into[ofPart] as number) + (factors[row] as number);
  }
}

/** Sums factor · x, or factor · x², by place; gives the sum of the factors. */
function gather(
  rows: HeadRows,
  order: Uint32Array,
  factors: Float64Array,
  squared: boolean,
  { account, crosses }: Sums,
): number {
  const { accountFrom, crossesFrom, end } = rows;
  const add = squared ? addSquares : addScaled;
  let common = 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number;
    const factor = factors[row] as number;
    common += factor;
    add(rows, accountFrom[row] as number, crossesFrom[row] as number, factor, account);
    add(rows, crossesFrom[row] as number, end[row] as number, factor, crosses);
  }
  return common;
}

function addScaled(
  { places, values }: HeadRows,
  from: number,
  to: number,
  factor: number,
  sums: Float64Array,
): void {
  for (let number = from; number < to; number += 1) {
    const place = places[number] as number;
    sums[place] = (sums[place] as number) + factor * (values[number] as number);
  }
}

function addSquares(
  { places, values }: HeadRows,
  from: number,
  to: number,
  factor: number,
  sums: Float64Array,
): void {
  for (let number = from; number < to; number += 1) {
    const place = places[number] as number;
    sums[place] = (sums[place] as number) + factor * (values[number] as number) ** 2;
  }
}

function clear(sums: Float64Array, places: Uint32Array): void {
  for (let index = 0; index < places.length; index += 1) sums[places[index] as number] = 0;
}

/** into[place] = Σ over blocks of the weight at that place. */
function fold(weights: Float64Array, starts: Int32Array, places: Uint32Array, into: Float64Array): void {
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] as number;
    let sum = 0;
    for (let block = 0; block < starts.length; block += 1)
      sum += weights[(starts[block] as number) + place] as number;
    into[place] = sum;
  }
}

/** Adds what is summed at each place to the weight at that place of each block. */
function spread(sums: Float64Array, places: Uint32Array, starts: Int32Array, into: Float64Array): void {
  for (let block = 0; block < starts.length; block += 1) {
    const start = starts[block] as number;
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] as number;
      into[start + place] = (into[start + place] as number) + (sums[place] as number);
    }
  }
}

/** Collects the places at which the rows of one group after another have numbers. */
class PlacesInUse {
  /** Number of the group that used each place last. */
  private groupOf: Int32Array = new Int32Array(64).fill(-1);
  private group = 0;
  private found: number[] = [];
  /** Above all places of all groups. */
  width = 0;

  note(places: Uint32Array, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const place = places[at] as number;
      if (place >= this.groupOf.length) this.widen(place);
      if (this.groupOf[place] === this.group) continue;
      this.groupOf[place] = this.group;
      this.found.push(place);
      if (place >= this.width) this.width = place + 1;
    }
  }

  /** Those of the group that ends here. */
  taken(): Uint32Array {
    const places = Uint32Array.from(this.found).sort();
    this.found = [];
    this.group += 1;
    return places;
  }

  private widen(place: number): void {
    const wider = new Int32Array(Math.max(2 * this.groupOf.length, place + 1)).fill(-1);
    wider.set(this.groupOf);
    this.groupOf = wider;
  }
}
