import type { ContactId } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import { digest } from '../shared/index.js';
import { type FeatureDefinition, isFolded } from './definitions/definition.js';
import { checkDefinitions, FeatureDefinitionsInvalid } from './definitions/validate.js';
import { EventKeys } from './event-keys.js';
import { type AccountState, type FeatureReadout, FeatureSet, type PublishedNumbers } from './feature-set.js';
import { type Group, layOut, type Member, namesRead, type Step, stepsFor } from './layout.js';
import { AccountReadout } from './readout.js';
import { ACCOUNT, FoldedState, NO_CONTACT, type Owner, OwnerSlots } from './store/account-state.js';
import { decodeOwner, decodeState, encodeState, STATE_FORMAT } from './store/codec.js';

const VERSION_LENGTH = 16;

/**
 * The definitions as one set: checked, laid out, and indexed by event name. Throws `FeatureDefinitionsInvalid` with all
 * problems at once.
 */
export function compileFeatureSet(definitions: readonly FeatureDefinition[]): FeatureSet {
  const problems = checkDefinitions(definitions);
  if (problems.length > 0) throw new FeatureDefinitionsInvalid(problems);
  return new CompiledFeatureSet(definitions);
}

class CompiledFeatureSet extends FeatureSet {
  readonly version: string;
  private readonly groups: readonly Group[];
  private readonly members: ReadonlyMap<string, Member>;
  private readonly steps: ReadonlyMap<string, readonly Step[]>;
  private readonly stepsOfOthers: readonly Step[];
  /** Names of published features without key. */
  private readonly publishedScalars: readonly string[];

  constructor(readonly definitions: readonly FeatureDefinition[]) {
    super();
    const folded = definitions.filter(isFolded);
    const deciding = folded.map((definition) => ({
      ...definition,
      unit: undefined,
      description: undefined,
      model: undefined,
    }));
    this.version = digest([STATE_FORMAT, deciding]).slice(0, VERSION_LENGTH);
    this.groups = layOut(folded);
    this.members = new Map(
      this.groups.flatMap(({ members }) => members.map((member) => [member.definition.name, member])),
    );
    const names = new Set(folded.flatMap((definition) => [...namesRead(definition)]));
    this.steps = new Map([...names].map((name) => [name, stepsFor(this.groups, name)]));
    // a name that no definition mentions
    this.stepsOfOthers = stepsFor(this.groups, '*');
    this.publishedScalars = definitions.flatMap((one) =>
      isFolded(one) || one.by !== undefined ? [] : [one.name],
    );
  }

  empty(): AccountState {
    return new FoldedState(this.version);
  }

  fold(state: AccountState, event: AccountEvent, { timeZone }: { timeZone: string }): void {
    const folded = this.own(state);
    const keys = new EventKeys(event);
    for (const { group, folds } of this.steps.get(event.name) ?? this.stepsOfOthers) {
      if (
        group.where.length > 0 &&
        group.where.some(([property, value]) => event.properties[property] !== value)
      )
        continue;
      const ownKeys = group.by === undefined ? undefined : keys.of(group.by);
      if (ownKeys?.length === 0) continue;
      const slots = this.slotsToChange(
        folded,
        group.per === 'account' ? ACCOUNT : (event.contactId ?? NO_CONTACT),
      );
      if (!ownKeys) foldInto(slots, group, folds, event, { timeZone, key: undefined, keys: 0 });
      else
        for (const key of ownKeys)
          foldInto(slots, group, folds, event, { timeZone, key, keys: ownKeys.length });
    }
  }

  read(
    state: AccountState,
    contactId: ContactId | null,
    at: Date,
    published?: PublishedNumbers,
  ): FeatureReadout {
    const folded = this.own(state);
    const account = this.slotsOf(folded.owners.get(ACCOUNT));
    const contacts =
      contactId === null
        ? [...folded.owners.keys()].filter((id) => id !== ACCOUNT)
        : folded.owners.has(contactId)
          ? [contactId]
          : [];
    const ofContacts = (): OwnerSlots[] =>
      contacts.flatMap((id) => this.slotsOf(folded.owners.get(id)) ?? []);
    const folds = { members: this.members, groups: this.groups };
    const others = { names: this.publishedScalars, numbers: published };
    return new AccountReadout(folds, account, ofContacts, at.getTime(), others);
  }

  encode(state: AccountState): Buffer {
    return encodeState(this.own(state), this.groups);
  }

  decode(bytes: Buffer, version: string): AccountState {
    if (version !== this.version)
      throw new Error(`The state is of feature set ${version}, not ${this.version}: rebuild it from the log`);
    return decodeState(bytes, version);
  }

  private own(state: AccountState): FoldedState {
    if (state instanceof FoldedState && state.featureSet === this.version) return state;
    throw new Error(`The state is of feature set ${state.featureSet}, not ${this.version}`);
  }

  private slotsOf(owner: Owner | undefined): OwnerSlots | undefined {
    if (!owner) return undefined;
    owner.slots ??= owner.bytes
      ? decodeOwner(owner.bytes, this.groups)
      : OwnerSlots.empty(this.groups.length);
    return owner.slots;
  }

  private slotsToChange(state: FoldedState, id: string): OwnerSlots {
    let owner = state.owners.get(id);
    if (!owner) {
      owner = { bytes: null, slots: OwnerSlots.empty(this.groups.length) };
      state.owners.set(id, owner);
    }
    const slots = this.slotsOf(owner) ?? OwnerSlots.empty(this.groups.length);
    owner.bytes = null;
    return slots;
  }
}

function foldInto(
  slots: OwnerSlots,
  group: Group,
  folds: Step['folds'],
  event: AccountEvent,
  setting: { timeZone: string; key: string | undefined; keys: number },
): void {
  const time = event.occurredAt.getTime();
  let place = -1;
  for (const { member, contribution } of folds) {
    const value = typeof contribution === 'number' ? contribution : contribution(event, setting);
    if (value === undefined) continue;
    if (place < 0) place = slots.findOrMake(group, setting.key);
    if (place < 0) return;
    member.kind.fold(slots.numbers, place + member.offset, time, value, member.definition);
  }
}
