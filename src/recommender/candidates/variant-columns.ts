import type { Channel, Purpose } from '../../catalogue/index.js';
import type { Refusal, RuleSet } from '../../contact-policy/index.js';
import type { Question } from '../decisions/decision.js';
import { MANY_PRODUCTS } from './chosen-products.js';
import type { Variant } from './compiled-catalogue.js';
import { type Tier, tiers } from './considered.js';

/** What consent and slots see of a candidate. */
export interface Cell {
  /** Place among the channels. */
  channel: number;
  purpose: Purpose;
}

type ViewerRole = Question['role'];

/** What a catalogue says of the variants for one language, column by column: the same for every account. */
export class VariantColumns {
  readonly count: number;
  readonly channels: readonly Channel[];
  readonly channelOf: Uint16Array;
  readonly cells: readonly Cell[];
  readonly cellOf: Uint16Array;
  /** Number of its outcome on its channel. */
  readonly responseOf: Uint16Array;
  /** Number of the question that its eligibility is; −1: it asks nothing. */
  readonly eligibilityOf: Int32Array;
  readonly eligibilities: number;
  /** Number of its action on its channel, whatever the product and the words. */
  readonly onChannel: Uint32Array;
  /** Unix milliseconds from when, and before when, its action is valid; infinite where nothing is said. */
  readonly validFrom: Float64Array;
  readonly validUntil: Float64Array;
  readonly mandatory: Uint8Array;
  /** 1: its action is over so many products that it chooses among them. */
  readonly manyProducts: Uint8Array;
  /** 1: its product may be out of stock, by what the catalogue says. */
  readonly outOfStock: Uint8Array;
  /** Factors of the priority, at the precision in which they are logged. */
  readonly value: Float32Array;
  /** Of some the value depends on the account. */
  readonly gaining: boolean;
  readonly lever: Float32Array;
  readonly cost: Float32Array;
  private readonly general = new WeakMap<RuleSet, Map<ViewerRole, readonly (Refusal | null)[]>>();

  constructor(readonly variants: readonly Variant[]) {
    this.count = variants.length;
    const offers = variants.map(({ offer }) => offer);
    const channels = numbered(offers, ({ channel }) => channel);
    this.channels = channels.values;
    this.channelOf = Uint16Array.from(channels.numbers);
    const responses = numbered(variants, ({ keys }) => `${keys.outcomeId}\u0000${keys.channelId}`);
    this.responseOf = Uint16Array.from(responses.numbers);
    const cells = numbered(offers, ({ channel, action }) => `${channel.channelId}\u0000${action.purpose}`);
    this.cellOf = Uint16Array.from(cells.numbers);
    this.cells = cells.first.map((place) => ({
      channel: this.channelOf[place] as number,
      purpose: (offers[place] as Variant['offer']).action.purpose,
    }));
    const eligibilities = numbered(offers, eligibilityKeys());
    this.eligibilityOf = Int32Array.from(eligibilities.numbers, (number, place) =>
      offers[place]?.eligibility === null && offers[place]?.broken === null ? -1 : number,
    );
    this.eligibilities = eligibilities.values.length;
    this.onChannel = Uint32Array.from(numbered(offers, ({ onChannel }) => onChannel).numbers);
    this.validFrom = Float64Array.from(offers, ({ action }) => action.validFrom?.getTime() ?? -Infinity);
    this.validUntil = Float64Array.from(offers, ({ action }) => action.validUntil?.getTime() ?? Infinity);
    this.mandatory = Uint8Array.from(offers, ({ action }) => Number(action.mandatory));
    this.manyProducts = Uint8Array.from(offers, ({ action, product }) =>
      Number(product !== null && action.productIds.length > MANY_PRODUCTS),
    );
    this.outOfStock = Uint8Array.from(offers, ({ product }) =>
      Number(product !== null && product.available !== true),
    );
    this.value = Float32Array.from(offers, ({ value }) => value);
    this.gaining = offers.some(({ offGained }) => offGained !== null);
    this.lever = Float32Array.from(offers, ({ action }) => action.lever);
    this.cost = Float32Array.from(offers, ({ channel }) => channel.costPerTouch);
  }

  /** Of a candidate that answers nobody's need. */
  tier(place: number): Tier {
    return this.mandatory[place] ? tiers.mandatory : tiers.background;
  }

  /** Refusals that no account changes, by place: asked once for a rule set and who looks. */
  generalRefusals(
    rules: RuleSet,
    viewerRole: ViewerRole,
    refusal: (variant: Variant) => Refusal | null,
  ): readonly (Refusal | null)[] {
    let byRole = this.general.get(rules);
    if (!byRole) this.general.set(rules, (byRole = new Map()));
    let refusals = byRole.get(viewerRole);
    if (!refusals) byRole.set(viewerRole, (refusals = this.variants.map(refusal)));
    return refusals;
  }
}

/** Numbers for the different keys of a list, in order of their first place. */
function numbered<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): { numbers: number[]; values: Key[]; first: number[] } {
  const known = new Map<Key, number>();
  const first: number[] = [];
  const numbers = items.map((item, place) => {
    const key = keyOf(item);
    let number = known.get(key);
    if (number === undefined) {
      known.set(key, (number = known.size));
      first.push(place);
    }
    return number;
  });
  return { numbers, values: [...known.keys()], first };
}

/** Offers with the same expression, about the same product where it names one, ask the same question. */
function eligibilityKeys(): (offer: Variant['offer']) => string {
  const ids = new Map<object, number>();
  const idOf = (thing: object): number => {
    let id = ids.get(thing);
    if (id === undefined) ids.set(thing, (id = ids.size));
    return id;
  };
  return ({ action, product, eligibility, broken }) => {
    if (broken !== null) return `broken ${action.actionId}`;
    if (!eligibility) return '';
    const named = eligibility.namesProduct && product ? idOf(product) : '';
    return `${idOf(eligibility.expression)} ${eligibility.namesProduct ? `about ${named}` : ''}`;
  };
}
