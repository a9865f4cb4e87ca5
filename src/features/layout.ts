import { canonicalJson } from '../shared/index.js';
import type { FeatureDefinition, FeatureKey, FoldedDefinition } from './definitions/definition.js';
import { type Contribution, contributionOf } from './contributions.js';
import { featureKinds } from './kinds/index.js';
import type { FeatureKind } from './kinds/kind.js';

/** A definition with its code and the place of its slot in its group. */
export interface Member {
  definition: FoldedDefinition;
  kind: FeatureKind<FoldedDefinition>;
  offset: number;
  group: Group;
}

/**
 * Definitions that read the same events, for the same owner, under the same key: their slots lie side by side and are
 * found once for all.
 */
export interface Group {
  index: number;
  per: 'account' | 'contact';
  by: FeatureKey | undefined;
  where: readonly (readonly [property: string, value: string | number | boolean])[];
  members: Member[];
  /** Numbers of all slots before any event. */
  initial: Float64Array;
}

/** What one event name costs: the groups to touch and what each member gets. */
export interface Step {
  group: Group;
  folds: readonly { member: Member; contribution: Contribution }[];
}

/** Groups in order of their first definition. */
export function layOut(definitions: readonly FoldedDefinition[]): Group[] {
  const groups = new Map<string, Group>();
  for (const definition of definitions) {
    const { per, by, where = {} } = definition;
    const key = canonicalJson([per, by ?? null, where, [...namesRead(definition)].sort()]);
    const group = groups.get(key) ?? {
      index: groups.size,
      per,
      by,
      where: Object.entries(where),
      members: [],
      initial: new Float64Array(0),
    };
    groups.set(key, group);
    const kind: FeatureKind<FoldedDefinition> = featureKinds[definition.kind];
    group.members.push({ definition, kind, offset: group.initial.length, group });
    group.initial = Float64Array.from([...group.initial, ...kind.initial]);
  }
  return [...groups.values()];
}

/** Every event name that a definition reads, `'*'` for all. */
export function namesRead(definition: FeatureDefinition): ReadonlySet<string> {
  const further =
    definition.kind === 'rate'
      ? definition.bottom
      : definition.kind === 'count'
        ? (definition.less ?? [])
        : definition.kind === 'pace'
          ? ['*']
          : [];
  return new Set([...(definition.events === '*' ? ['*'] : definition.events), ...further]);
}

/** The steps of events of this name. */
export function stepsFor(groups: readonly Group[], eventName: string): Step[] {
  return groups.flatMap((group) => {
    const folds = group.members.flatMap((member) => {
      const contribution = contributionOf(member.definition, eventName);
      return contribution === undefined ? [] : [{ member, contribution }];
    });
    return folds.length === 0 ? [] : [{ group, folds }];
  });
}
