import type { CandidateKeys } from '../../recommender/index.js';

/**
 * How far corrections lie from zero before anything is known: standard deviations, in logits, of what a whole group of
 * weights adds where each of its inputs is one. A group of many inputs has small weights each.
 */
export interface HeadPrior {
  /** What all candidates have in common. */
  bias: number;
  /** What one channel, product, topic, intent, action, action on a channel, weekday or part of the day on it adds. */
  key: number;
  /** What the inputs of the account do for all candidates; and beyond that for one channel, product, topic or intent. */
  inputs: number;
  inputsOfKey: number;
  /** What the account's history with the candidate does; and beyond that on one channel. */
  crosses: number;
  crossesOfChannel: number;
}

/** The declared rules may be far off; a trained model less so. */
export const priors: Readonly<Record<'rules' | 'model', HeadPrior>> = {
  rules: { bias: 1, key: 0.4, inputs: 0.9, inputsOfKey: 0.75, crosses: 1.2, crossesOfChannel: 0.6 },
  model: { bias: 0.5, key: 0.15, inputs: 0.2, inputsOfKey: 0.15, crosses: 0.25, crossesOfChannel: 0.12 },
};

/** Weights that the declared width of a group is worth, beside those that outcomes have determined. */
const WIDTH_WORTH = 1;

/** What a candidate is, as far as corrections tell candidates apart. */
export type HeadKeys = Pick<CandidateKeys, 'actionId' | 'channelId' | 'productId' | 'topics' | 'intent'>;

/** Where the weights of one candidate begin. */
export interface Blocks {
  /** Each multiplies the account's vector. */
  account: Int32Array;
  /** Each multiplies the candidate's own vector. */
  crosses: Int32Array;
  /** Single weights. */
  single: Int32Array;
}

/** Hours that one part of the day has. */
const PART_HOURS = 3;
const DAY_HOURS = 24;

/** Lengths of the vectors that the weights multiply. */
export interface HeadSizes {
  account: number;
  /** Inputs of an account: each category has places for many values, of which one is taken. */
  accountInputs: number;
  crosses: number;
}

type BlockKind = 'common' | 'key' | 'single' | 'crosses' | 'crosses-of-channel';

/** Weights that say the same of different keys, as that of one input for each channel: they are believed alike wide. */
interface WidthGroup {
  /** Standard deviations: as declared, and as learned. */
  declared: number;
  learned: number;
}

/**
 * Weights of all blocks in one vector. A block belongs to a name (`channel:email`, `topic:dosing`) and is made when it is
 * first learned from: what is known of a topic or a channel serves every action that has it.
 */
export class HeadLayout {
  private readonly starts = new Map<string, number>();
  private readonly known = new Map<string, Map<string, Map<string | null, Remembered>>>();
  /** Of each weight. */
  private readonly groups: WidthGroup[] = [];
  /** By what the blocks have in common: one group for each of their weights. */
  private readonly groupsOf = new Map<string, WidthGroup[]>();

  /** `widths`: as `widths` gave them for the same names; what is missing is as declared. */
  constructor(
    private readonly sizes: HeadSizes,
    private readonly prior: HeadPrior,
    names: readonly string[] = [],
    widths: ArrayLike<number> = [],
  ) {
    for (const name of names) this.start(name);
    this.allGroups.forEach((group, place) => (group.learned = widths[place] ?? group.declared));
  }

  /** In the order of their places. */
  get names(): readonly string[] {
    return [...this.starts.keys()];
  }

  /** Number of weights. */
  get size(): number {
    return this.groups.length;
  }

  /** Standard deviation of the weight at a place before anything is known of that weight itself. */
  deviation(place: number): number {
    return (this.groups[place] as WidthGroup).learned;
  }

  /** The same, before anything is known at all. */
  declaredDeviation(place: number): number {
    return (this.groups[place] as WidthGroup).declared;
  }

  /** Standard deviations by group, as learned. */
  get widths(): number[] {
    return this.allGroups.map(({ learned }) => learned);
  }

  /**
   * Empirical Bayes with a declared prior (MacKay, 1992): a group's variance is that of its weights for each of them that
   * outcomes have determined, w² summed over 1 − (posterior variance / prior variance) summed, with the declared one as
   * if it had been seen in so many weights. What says nothing shrinks away; what says much is free to.
   */
  learnWidths({ mean, spread }: { mean: Float64Array; spread: Float64Array }): void {
    const found = new Map(this.allGroups.map((group) => [group, { squares: 0, determined: 0 }]));
    for (let place = 0; place < mean.length; place += 1) {
      const group = this.groups[place] as WidthGroup;
      const sums = found.get(group) as { squares: number; determined: number };
      sums.squares += (mean[place] as number) ** 2;
      sums.determined += Math.max(0, 1 - (spread[place] as number) / group.learned ** 2);
    }
    for (const [group, { squares, determined }] of found) {
      const declared = WIDTH_WORTH * group.declared ** 2;
      group.learned = Math.sqrt((squares + declared) / (determined + WIDTH_WORTH));
    }
  }

  private get allGroups(): WidthGroup[] {
    return [...this.groupsOf.values()].flat();
  }

  /** Makes the blocks that are missing. */
  blocksOf(keys: HeadKeys): Blocks {
    return this.remembered(keys, (name) => [this.start(name)]);
  }

  /** The blocks that there are; a candidate with new keys has those that it shares with others. */
  knownBlocksOf(keys: HeadKeys): Blocks {
    return this.remembered(keys, (name) => {
      const start = this.starts.get(name);
      return start === undefined ? [] : [start];
    });
  }

  /** Weights of an hour of the week (0 is Monday 00:00) on a channel: those of its weekday and part of the day; made. */
  hoursOf(channelId: string, hour: number): number[] {
    return namesOfHour(channelId, hour).map((name) => this.start(name));
  }

  /** Those of them that there are. */
  knownHoursOf(channelId: string, hour: number): number[] {
    return namesOfHour(channelId, hour).flatMap((name) => this.starts.get(name) ?? []);
  }

  /** Found without making a text: hundreds of candidates ask for theirs, account by account. */
  private remembered(keys: HeadKeys, startsOf: (name: string) => number[]): Blocks {
    const ofAction = within(this.known, keys.actionId);
    const ofChannel = within(ofAction, keys.channelId);
    const entry = ofChannel.get(keys.productId);
    if (entry?.intent === keys.intent && alike(entry.topics, keys.topics)) return entry.blocks;
    const starts = (names: readonly string[]) => Int32Array.from(names.flatMap(startsOf));
    const { account, crosses, single } = namesOf(keys);
    const blocks = { account: starts(account), crosses: starts(crosses), single: starts(single) };
    ofChannel.set(keys.productId, { topics: keys.topics, intent: keys.intent, blocks });
    return blocks;
  }

  private start(name: string): number {
    const known = this.starts.get(name);
    if (known !== undefined) return known;
    const start = this.groups.length;
    this.starts.set(name, start);
    const kind = kindOf(name);
    const common = kind === 'key' || kind === 'single' ? name.slice(0, name.indexOf(':')) : kind;
    let groups = this.groupsOf.get(common);
    if (!groups) {
      groups = this.deviationsOf(kind).map((declared) => ({ declared, learned: declared }));
      this.groupsOf.set(common, groups);
    }
    for (const group of groups) this.groups.push(group);
    return start;
  }

  private deviationsOf(kind: BlockKind): number[] {
    const { account, crosses } = this.sizes;
    const { prior } = this;
    const ofAccount = (deviation: number) => spread(account - 1, deviation, this.sizes.accountInputs);
    const ofCrosses = (deviation: number) => spread(crosses, deviation, crosses);
    switch (kind) {
      case 'common':
        return [prior.bias, ...ofAccount(prior.inputs)];
      case 'key':
        return [prior.key, ...ofAccount(prior.inputsOfKey)];
      case 'single':
        return [prior.key];
      case 'crosses':
        return ofCrosses(prior.crosses);
      case 'crosses-of-channel':
        return ofCrosses(prior.crossesOfChannel);
    }
  }
}

/** Weights of a group of which so many have an input at a time. */
function spread(length: number, deviation: number, inputs: number): number[] {
  return Array.from({ length }, () => deviation / Math.sqrt(Math.max(1, inputs)));
}

interface Remembered {
  topics: readonly string[];
  intent: string;
  blocks: Blocks;
}

function within<Inner, Value>(outer: Map<string, Map<Inner, Value>>, key: string): Map<Inner, Value> {
  let inner = outer.get(key);
  if (!inner) outer.set(key, (inner = new Map<Inner, Value>()));
  return inner;
}

function namesOf({ actionId, channelId, productId, topics, intent }: HeadKeys) {
  return {
    account: [
      'common',
      `channel:${channelId}`,
      ...(productId === null ? [] : [`product:${productId}`]),
      `intent:${intent}`,
      ...topics.map((topic) => `topic:${topic}`),
    ],
    crosses: ['crosses', `crosses:${channelId}`],
    single: [`action:${actionId}`, `arm:${actionId}\u0000${channelId}`],
  };
}

function namesOfHour(channelId: string, hour: number): [weekday: string, part: string] {
  const weekday = Math.floor(hour / DAY_HOURS);
  const part = Math.floor((hour % DAY_HOURS) / PART_HOURS);
  return [`weekday:${channelId}:${weekday}`, `part:${channelId}:${part}`];
}

const SINGLE = ['action:', 'arm:', 'weekday:', 'part:'];

function kindOf(name: string): BlockKind {
  if (name === 'common' || name === 'crosses') return name;
  if (name.startsWith('crosses:')) return 'crosses-of-channel';
  return SINGLE.some((kind) => name.startsWith(kind)) ? 'single' : 'key';
}

function alike(one: readonly string[], other: readonly string[]): boolean {
  return (
    one === other || (one.length === other.length && one.every((topic, place) => topic === other[place]))
  );
}
