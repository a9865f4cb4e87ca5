import { type Considered, tiers } from '../candidates/considered.js';
import type { ContactCandidates } from '../candidates/contact-candidates.js';

/**
 * Priority = propensity × value × context × lever − cost of the touch, in the configured currency; where a catalogue is
 * valued by what suggestions add, the incremental propensity stands in place of the propensity. The factors are
 * taken at the precision in which they are logged (float32), so that a logged decision gives the same priority.
 */
export function priorityOf(factors: {
  propensity: number;
  incremental?: number | undefined;
  value: number;
  context: number;
  lever: number;
  cost: number;
}): number {
  const { propensity, incremental, value, context, lever, cost } = factors;
  return (
    Math.fround(incremental ?? propensity) * Math.fround(value) * Math.fround(context) * Math.fround(lever) -
    Math.fround(cost)
  );
}

/** Fills the priorities of the candidates at these places. */
export function prioritise(candidates: ContactCandidates, open: Uint32Array): void {
  const { propensity, incremental, value, context, priority, columns } = candidates;
  for (const place of open) {
    priority[place] = priorityOf({
      propensity: propensity[place] as number,
      incremental: incremental?.[place],
      value: value[place] as number,
      context: context[place] as number,
      lever: columns.lever[place] as number,
      cost: columns.cost[place] as number,
    });
  }
}

/** Columns of a ranking, for so many candidates at most. */
interface Room {
  most: number;
  /** Contact and place of what is worth a place, its tier and priority. */
  contactOf: Uint32Array;
  placeOf: Uint32Array;
  tierOf: Uint8Array;
  priorityOf: Float64Array;
  heap: Uint32Array;
}

/** Rooms that nobody uses any more. */
const spares: Room[] = [];

function roomFor(most: number): Room {
  const spare = spares.pop();
  if (spare && spare.most >= most) return spare;
  return {
    most,
    contactOf: new Uint32Array(most),
    placeOf: new Uint32Array(most),
    tierOf: new Uint8Array(most),
    priorityOf: new Float64Array(most),
    heap: new Uint32Array(most),
  };
}

/**
 * Candidates worth a place: mandatory ones, then what answers the customer's need, then by priority, and of equals the
 * earlier. Anything not mandatory needs a priority above zero. Few are ever looked at: the order is found as far as it is
 * asked for (heapsort's second half, Williams 1964, stopped early).
 */
export class Ranking {
  private readonly room: Room;
  private readonly tierOf: Uint8Array;
  private readonly priorityOf: Float64Array;
  /** The first `waiting` are not in order yet, none before the one at half its place. */
  private readonly heap: Uint32Array;
  private waiting = 0;
  private readonly ordered: number[] = [];
  private readonly made: (Considered | undefined)[] = [];
  readonly count: number;

  constructor(private readonly contacts: readonly ContactCandidates[]) {
    const most = contacts.reduce((sum, { count }) => sum + count, 0);
    this.room = roomFor(most);
    const { contactOf, placeOf, tierOf, priorityOf, heap } = this.room;
    this.tierOf = tierOf;
    this.priorityOf = priorityOf;
    this.heap = heap;
    for (let contact = 0; contact < contacts.length; contact += 1) {
      const { places, refusalOf, tier, priority, count } = contacts[contact] as ContactCandidates;
      for (let index = 0; index < count; index += 1) {
        const place = places[index] as number;
        if (refusalOf[place] !== 0) continue;
        if (!((priority[place] as number) > 0) && tier[place] !== tiers.mandatory) continue;
        const own = this.waiting++;
        heap[own] = own;
        contactOf[own] = contact;
        placeOf[own] = place;
        tierOf[own] = tier[place] as number;
        priorityOf[own] = priority[place] as number;
      }
    }
    this.count = this.waiting;
    for (let root = (this.count >> 1) - 1; root >= 0; root -= 1) this.sink(root);
  }

  /** Gives its room back: it cannot be walked any more. */
  release(): void {
    spares.push(this.room);
  }

  /**
   * Gives those that are admitted one after the other, the best first; null: none is left. Each is asked about once: what
   * was not admitted must not become so later.
   */
  walk(admits: (candidates: ContactCandidates, place: number) => boolean): () => Considered | null {
    let rank = 0;
    return () => {
      while (rank < this.count) {
        const index = this.ordered[rank] ?? this.takeBest();
        rank += 1;
        const contact = this.contacts[this.room.contactOf[index] as number] as ContactCandidates;
        if (admits(contact, this.room.placeOf[index] as number)) return this.at(index);
      }
      return null;
    };
  }

  /** The same object each time. */
  private at(index: number): Considered {
    const { contactOf, placeOf } = this.room;
    const contact = this.contacts[contactOf[index] as number] as ContactCandidates;
    return (this.made[index] ??= contact.at(placeOf[index] as number));
  }

  /** Moves the best of the heap to the end of the order. */
  private takeBest(): number {
    const { heap } = this;
    const best = heap[0] as number;
    this.waiting -= 1;
    if (this.waiting > 0) {
      heap[0] = heap[this.waiting] as number;
      this.sink(0);
    }
    this.ordered.push(best);
    return best;
  }

  private sink(root: number): void {
    const { heap, waiting } = this;
    const sinking = heap[root] as number;
    let at = root;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= waiting) break;
      if (child + 1 < waiting && this.isBefore(heap[child + 1] as number, heap[child] as number)) child += 1;
      if (!this.isBefore(heap[child] as number, sinking)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = sinking;
  }

  private isBefore(one: number, other: number): boolean {
    const tiersApart = (this.tierOf[one] as number) - (this.tierOf[other] as number);
    if (tiersApart !== 0) return tiersApart > 0;
    const apart = (this.priorityOf[one] as number) - (this.priorityOf[other] as number);
    return apart === 0 ? one < other : apart > 0;
  }
}

export function arbitrate(candidates: readonly ContactCandidates[]): Ranking {
  return new Ranking(candidates);
}
