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

/**
 * Candidates worth a place: mandatory ones, then what answers the customer's need, then by priority, and of equals the
 * earlier. Anything not mandatory needs a priority above zero. Each next one is looked for when it is asked for: few are.
 */
export class Ranking {
  /** Contact and place of what is worth a place, its tier and priority. */
  private readonly contactOf: Uint16Array;
  private readonly placeOf: Uint32Array;
  private readonly tierOf: Uint8Array;
  private readonly priorityOf: Float64Array;
  private readonly made: (Considered | undefined)[] = [];
  readonly count: number;

  constructor(private readonly contacts: readonly ContactCandidates[]) {
    const most = contacts.reduce((sum, { count }) => sum + count, 0);
    this.contactOf = new Uint16Array(most);
    this.placeOf = new Uint32Array(most);
    this.tierOf = new Uint8Array(most);
    this.priorityOf = new Float64Array(most);
    let count = 0;
    for (let contact = 0; contact < contacts.length; contact += 1) {
      const { places, refusalOf, tier, priority, count: candidates } = contacts[contact] as ContactCandidates;
      for (let index = 0; index < candidates; index += 1) {
        const place = places[index] as number;
        if (refusalOf[place] !== 0) continue;
        if (!((priority[place] as number) > 0) && tier[place] !== tiers.mandatory) continue;
        this.contactOf[count] = contact;
        this.placeOf[count] = place;
        this.tierOf[count] = tier[place] as number;
        this.priorityOf[count] = priority[place] as number;
        count += 1;
      }
    }
    this.count = count;
  }

  /** The best of those that are admitted; null: none is. */
  best(admits: (candidates: ContactCandidates, place: number) => boolean): Considered | null {
    const { tierOf, priorityOf, count } = this;
    let found = -1;
    let tier = -1;
    let priority = -Infinity;
    for (let index = 0; index < count; index += 1) {
      const ownTier = tierOf[index] as number;
      const own = priorityOf[index] as number;
      if (ownTier < tier || (ownTier === tier && own <= priority)) continue;
      const contact = this.contacts[this.contactOf[index] as number] as ContactCandidates;
      if (!admits(contact, this.placeOf[index] as number)) continue;
      found = index;
      tier = ownTier;
      priority = own;
    }
    return found < 0 ? null : this.at(found);
  }

  /** The same object each time. */
  private at(index: number): Considered {
    const contact = this.contacts[this.contactOf[index] as number] as ContactCandidates;
    return (this.made[index] ??= contact.at(this.placeOf[index] as number));
  }
}

export function arbitrate(candidates: readonly ContactCandidates[]): Ranking {
  return new Ranking(candidates);
}
