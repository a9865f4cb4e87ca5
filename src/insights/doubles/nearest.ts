import type { Points } from './space.js';

export interface Neighbour {
  row: number;
  squaredDistance: number;
}

/** Axes after which a distance that is too large already is given up. */
const AXES_AT_ONCE = 4;

/**
 * The k nearest rows of each row, exactly. Rows are sorted along the axis of largest variance and searched outwards from
 * their own place: a side ends where this axis alone is further away than the k-th found, and so does every single
 * distance on the way. Nothing but time is saved.
 */
export class NearestSearch {
  private readonly rows: number;
  private readonly width: number;
  /** Rows in order along the first axis, and their coordinates in that order. */
  private readonly order: Uint32Array;
  private readonly sorted: Float32Array;
  private readonly placeOf: Uint32Array;

  constructor({ dimensions, coordinates }: Points) {
    this.width = dimensions;
    this.rows = dimensions === 0 ? 0 : coordinates.length / dimensions;
    const along = Float32Array.from({ length: this.rows }, (_, row) => coordinates[row * dimensions] ?? 0);
    this.order = Uint32Array.from({ length: this.rows }, (_, row) => row).sort(
      (a, b) => (along[a] as number) - (along[b] as number) || a - b,
    );
    this.sorted = new Float32Array(coordinates.length);
    this.placeOf = new Uint32Array(this.rows);
    for (let place = 0; place < this.rows; place += 1) {
      const row = this.order[place] as number;
      this.placeOf[row] = place;
      this.sorted.set(coordinates.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
    }
  }

  /** The nearest first, itself left out; of equals the one with the lower row. */
  of(row: number, k: number): Neighbour[] {
    const start = this.placeOf[row];
    if (start === undefined || k === 0) return [];
    const found = new Nearest(k);
    const { sorted, width, rows } = this;
    const own = sorted[start * width] as number;
    let down = start - 1;
    let up = start + 1;
    while (down >= 0 || up < rows) {
      const below = down >= 0 ? (own - (sorted[down * width] as number)) ** 2 : Infinity;
      const above = up < rows ? ((sorted[up * width] as number) - own) ** 2 : Infinity;
      if (Math.min(below, above) > found.limit) break;
      const place = below <= above ? down-- : up++;
      const distance = this.distance(start, place, found.limit);
      if (distance <= found.limit) found.offer(this.order[place] as number, distance);
    }
    return found.neighbours();
  }

  /** Squared; of one beyond the limit, some number beyond it. */
  private distance(one: number, other: number, limit: number): number {
    const { sorted, width } = this;
    let left = one * width;
    let right = other * width;
    let sum = 0;
    for (let axis = 0; axis < width;) {
      const end = Math.min(width, axis + AXES_AT_ONCE);
      for (; axis < end; axis += 1) {
        const apart = (sorted[left++] as number) - (sorted[right++] as number);
        sum += apart * apart;
      }
      if (sum > limit) return sum;
    }
    return sum;
  }
}

/** The k smallest of what is offered, kept in order: k is small. */
class Nearest {
  private readonly rows: Int32Array;
  private readonly distances: Float64Array;
  private size = 0;
  /** No distance beyond it is of interest. */
  limit = Infinity;

  constructor(private readonly k: number) {
    this.rows = new Int32Array(k);
    this.distances = new Float64Array(k);
  }

  offer(row: number, distance: number): void {
    let place = this.size < this.k ? this.size : this.k - 1;
    if (this.size === this.k && !this.before(row, distance, place)) return;
    while (place > 0 && this.before(row, distance, place - 1)) {
      this.rows[place] = this.rows[place - 1] as number;
      this.distances[place] = this.distances[place - 1] as number;
      place -= 1;
    }
    this.rows[place] = row;
    this.distances[place] = distance;
    if (this.size < this.k) this.size += 1;
    if (this.size === this.k) this.limit = this.distances[this.k - 1] as number;
  }

  neighbours(): Neighbour[] {
    return Array.from({ length: this.size }, (_, place) => ({
      row: this.rows[place] as number,
      squaredDistance: this.distances[place] as number,
    }));
  }

  private before(row: number, distance: number, place: number): boolean {
    const known = this.distances[place] as number;
    return distance < known || (distance === known && row < (this.rows[place] as number));
  }
}
