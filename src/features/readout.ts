import type { FeatureReadout, PublishedNumbers } from './feature-set.js';
import { eventsIn, shares } from './kinds/histogram.js';
import type { Group, Member } from './layout.js';
import { OwnerSlots } from './store/account-state.js';

const NO_KEYS: readonly string[] = [];

/** Reads slots where they lie; nothing is computed before it is asked for. */
export class AccountReadout implements FeatureReadout {
  private contacts: readonly OwnerSlots[] | undefined;
  /** Several contacts read as one: their slots merged, a group at a time. */
  private merged: OwnerSlots | undefined;
  private allScalars: Readonly<Record<string, number>> | undefined;

  constructor(
    private readonly folds: { members: ReadonlyMap<string, Member>; groups: readonly Group[] },
    private readonly account: OwnerSlots | undefined,
    private readonly loadContacts: () => readonly OwnerSlots[],
    private readonly at: number,
    private readonly published: { names: readonly string[]; numbers: PublishedNumbers | undefined },
  ) {}

  value(name: string, key?: string): number | undefined {
    const member = this.folds.members.get(name);
    if (!member) return this.published.numbers?.value(name, key);
    if ((member.group.by === undefined) !== (key === undefined)) return undefined;
    return this.valueOf(member, key);
  }

  keys(name: string): readonly string[] {
    const group = this.folds.members.get(name)?.group;
    if (!group) return this.published.numbers?.keys(name) ?? NO_KEYS;
    return this.slotsFor(group)?.keysOf(group) ?? NO_KEYS;
  }

  each(name: string, visit: (key: string, value: number | undefined) => void): void {
    const member = this.folds.members.get(name);
    if (!member) {
      for (const key of this.keys(name)) visit(key, this.value(name, key));
      return;
    }
    const { group, kind, offset, definition } = member;
    const slots = this.slotsFor(group);
    const places = slots?.places[group.index];
    if (!slots || places === undefined || typeof places === 'number') return;
    for (let place = 0; place < places.keys.length; place += 1) {
      const start = (places.starts[place] as number) + offset;
      visit(slots.keyAt(places.keys[place] as number), kind.read(slots.numbers, start, this.at, definition));
    }
  }

  scalars(names?: readonly string[]): Readonly<Record<string, number>> {
    if (!names) return (this.allScalars ??= this.scalars(this.scalarNames()));
    const values: Record<string, number> = {};
    for (const name of names) {
      const member = this.folds.members.get(name);
      values[name] = member
        ? (this.valueOf(member, undefined) ?? member.kind.natural(member.definition))
        : (this.published.numbers?.value(name) ?? NaN);
    }
    return values;
  }

  private scalarNames(): string[] {
    const folded = [...this.folds.members].filter(([, { group }]) => group.by === undefined);
    return [...folded.map(([name]) => name), ...this.published.names];
  }

  histogram(name: string): Float32Array | undefined {
    return this.ofHistogram(name, shares);
  }

  histogramEvents(name: string): number {
    return this.ofHistogram(name, eventsIn) ?? 0;
  }

  private ofHistogram<Value>(name: string, read: (slots: OwnerSlots['numbers'], offset: number) => Value) {
    const member = this.folds.members.get(name);
    if (member?.definition.kind !== 'histogram') return undefined;
    const slots = this.slotsFor(member.group);
    const place = slots?.find(member.group, undefined) ?? -1;
    return slots && place >= 0 ? read(slots.numbers, place + member.offset) : undefined;
  }

  private valueOf(member: Member, key: string | undefined): number | undefined {
    const slots = this.slotsFor(member.group);
    if (!slots) return undefined;
    const place = slots.find(member.group, key);
    if (place < 0) return undefined;
    return member.kind.read(slots.numbers, place + member.offset, this.at, member.definition);
  }

  private slotsFor(group: Group): OwnerSlots | undefined {
    if (group.per === 'account') return this.account;
    this.contacts ??= this.loadContacts();
    if (this.contacts.length < 2) return this.contacts[0];
    this.merged ??= OwnerSlots.empty(this.folds.groups.length);
    if (this.merged.places[group.index] === undefined)
      for (const contact of this.contacts) mergeGroup(this.merged, contact, group);
    return this.merged;
  }
}

function mergeGroup(into: OwnerSlots, from: OwnerSlots, group: Group): void {
  const places = from.places[group.index];
  if (places === undefined) return;
  const merge = (key: string | undefined, start: number): void => {
    const target = into.findOrMake(group, key);
    if (target < 0) return;
    for (const { kind, definition, offset } of group.members)
      kind.merge(into.numbers, target + offset, from.numbers, start + offset, definition);
  };
  if (typeof places === 'number') merge(undefined, places);
  else for (const [place, key] of places.keys.entries()) merge(from.keyAt(key), places.starts[place] ?? 0);
}
