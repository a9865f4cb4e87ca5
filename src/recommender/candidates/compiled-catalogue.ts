import {
  type Action,
  type Catalogue,
  type Channel,
  eligibilityContext,
  type Product,
  type Treatment,
} from '../../catalogue/index.js';
import type { OfferedTerms } from '../../contact-policy/index.js';
import type { FeatureSet } from '../../features/index.js';
import { compileExpression, type Expression } from '../../shared/index.js';
import { type CandidateKeys, candidateKeys, CrossCells, topicsOf } from '../scoring/candidate-inputs.js';
import type { InputSchema } from '../scoring/propensity-model.js';
import { type OfferValue, offerValue } from '../scoring/value.js';
import type { VariantCrosses } from '../scoring/variant-case.js';
import { VariantColumns } from './variant-columns.js';

/** An action's eligibility. Without `product` in it, one answer serves all products and channels of the action. */
export interface Eligibility {
  expression: Expression<boolean>;
  namesProduct: boolean;
}

/** action × product × channel: the same for all accounts. */
export interface Offer extends OfferValue {
  action: Action;
  product: Product | null;
  channel: Channel;
  /** Name of the action on the channel, whatever the product. */
  onChannel: string;
  topics: readonly string[];
  productIds: Action['productIds'];
  /** Price or discount that it names; undefined where it names none. */
  terms: OfferedTerms | undefined;
  eligibility: Eligibility | null;
  /** Why the expression cannot be used: the action is then eligible nowhere. */
  broken: string | null;
}

/** An offer in the words for one language: what becomes a candidate for each contact who reads it. */
export interface Variant {
  offer: Offer;
  treatment: Treatment | null;
  keys: CandidateKeys;
}

/** A catalogue at one version, made ready for many accounts. */
export class CompiledCatalogue {
  readonly offers: readonly Offer[];
  /** Features that eligibilities ask for; undefined: any may be. */
  readonly featuresNamed: readonly string[] | undefined;
  /** When actions begin and end, the earliest first. */
  private readonly turns: readonly Date[];
  private readonly byLocale = new Map<string | null, VariantColumns>();
  private readonly byTreatment = new Map<Offer, Map<Treatment | null, Variant>>();
  private readonly crosses = new WeakMap<InputSchema, CompiledCrosses>();

  constructor(
    readonly catalogue: Catalogue,
    readonly featureSet: FeatureSet,
  ) {
    this.offers = offersOf(catalogue, featureSet);
    this.featuresNamed = featuresNamed(
      new Set(this.offers.flatMap(({ eligibility }) => eligibility?.expression.source ?? [])),
    );
    this.turns = [...catalogue.actions.values()]
      .flatMap(({ validFrom, validUntil }) => [validFrom ?? [], validUntil ?? []].flat())
      .sort((a, b) => a.getTime() - b.getTime());
  }

  /** For a contact who reads this language (BCP 47; null: not known). Languages with the same words share the columns. */
  variants(locale: string | null): VariantColumns {
    let columns = this.byLocale.get(locale);
    if (!columns) {
      const variants = this.offers.flatMap((offer) =>
        fitting(this.catalogue.treatments.get(offer.action.actionId) ?? [], offer.channel, locale).map(
          (treatment) => this.variant(offer, treatment),
        ),
      );
      const alike = [...this.byLocale.values()].find((known) => sameItems(known.variants, variants));
      columns = alike ?? new VariantColumns(variants);
      this.byLocale.set(locale, columns);
    }
    return columns;
  }

  /** The next time after `at` at which an action begins or ends; null when none is known. */
  nextTurn(at: Date): Date | null {
    return this.turns.find((turn) => turn > at) ?? null;
  }

  /** Where the crosses of a model's schema are read for each variant. */
  crossesFor(schema: InputSchema): CompiledCrosses {
    let compiled = this.crosses.get(schema);
    if (!compiled) {
      compiled = new CompiledCrosses(new CrossCells(schema, this.featureSet.definitions));
      this.crosses.set(schema, compiled);
    }
    return compiled;
  }

  private variant(offer: Offer, treatment: Treatment | null): Variant {
    const known = this.byTreatment.get(offer) ?? new Map<Treatment | null, Variant>();
    this.byTreatment.set(offer, known);
    let variant = known.get(treatment);
    if (!variant) {
      variant = {
        offer,
        treatment,
        keys: candidateKeys(offer.action, offer.product, offer.channel, treatment),
      };
      known.set(treatment, variant);
    }
    return variant;
  }
}

/** The crosses of one schema, for the variants of each language. */
export class CompiledCrosses {
  private readonly byColumns = new WeakMap<VariantColumns, VariantCrosses>();

  constructor(private readonly cells: CrossCells) {}

  of(columns: VariantColumns): VariantCrosses {
    let crosses = this.byColumns.get(columns);
    if (!crosses) {
      const keys = columns.variants.map((variant) => variant.keys);
      crosses = { cells: this.cells, keys, places: keys.map((own) => this.cells.placesOf(own)) };
      this.byColumns.set(columns, crosses);
    }
    return crosses;
  }
}

function sameItems<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, place) => item === other[place]);
}

const compiled = new WeakMap<Catalogue, CompiledCatalogue>();

/** Compiled once for a version: `Catalogues` answers an unchanged version with the same object. */
export function compileCatalogue(catalogue: Catalogue, featureSet: FeatureSet): CompiledCatalogue {
  const known = compiled.get(catalogue);
  if (known?.featureSet === featureSet) return known;
  const made = new CompiledCatalogue(catalogue, featureSet);
  compiled.set(catalogue, made);
  return made;
}

function offersOf(catalogue: Catalogue, featureSet: FeatureSet): Offer[] {
  const context = eligibilityContext(catalogue.schemas, {
    scalarNames: () => Object.keys(featureSet.read(featureSet.empty(), null, new Date(0)).scalars()),
    keyedNames: () => featureSet.definitions.filter(({ by }) => by !== undefined).map(({ name }) => name),
  });
  // actions with the same expression share it, so that an account is asked once
  const programs = new Map<string, ReturnType<typeof compileExpression<'bool'>>>();
  return [...catalogue.actions.values()].flatMap((action) => {
    const source = action.eligibility;
    const program =
      source === null ? null : (programs.get(source) ?? compileExpression(source, context, 'bool'));
    if (source !== null && program) programs.set(source, program);
    const eligibility =
      program?.ok === true
        ? { expression: program.value, namesProduct: /\bproduct\b/.test(program.value.source) }
        : null;
    const broken = program?.ok === false ? program.error : null;
    const products = action.productIds.flatMap((productId) => catalogue.products.get(productId) ?? []);
    const channels = action.channelIds.flatMap((channelId) => catalogue.channels.get(channelId) ?? []);
    return (products.length > 0 ? products : [null]).flatMap((product) =>
      channels.map((channel) => ({
        action,
        product,
        channel,
        onChannel: `${action.actionId}\u0000${channel.channelId}`,
        topics: topicsOf(action, product),
        productIds: product ? [product.productId] : [],
        terms: termsOf(action, product),
        ...offerValue(action, product, catalogue.outcomes.get(action.outcomeId) ?? null),
        eligibility,
        broken,
      })),
    );
  });
}

/** `features.name` names a feature; `features` by itself may be asked for any. */
function featuresNamed(sources: Iterable<string>): string[] | undefined {
  const names = new Set<string>();
  for (const source of sources) {
    for (const [, name] of source.matchAll(/\bfeatures\b(?:\s*\.\s*(\w+))?/g)) {
      if (name === undefined) return undefined;
      names.add(name);
    }
  }
  return [...names];
}

/** An offer stands for its discount, or for the product's own price; any other action for a discount that it names. */
export function termsOf({ intent, discount }: Action, product: Product | null): OfferedTerms | undefined {
  if (discount !== null) return { price: null, discount };
  return intent === 'offer' && product ? { price: product.price, discount: null } : undefined;
}

/**
 * The action's wordings on this channel that fit the contact best: in its very locale, else in its language, else for
 * everybody; null where the action has no words for it (a person then finds her own). Where the contact's language is
 * not known, wordings for everybody, else all.
 */
function fitting(
  treatments: readonly Treatment[],
  channel: Channel,
  locale: string | null,
): readonly (Treatment | null)[] {
  const here = treatments.filter((treatment) => treatment.channelId === channel.channelId);
  const language = (tag: string | null) => tag?.split('-')[0]?.toLowerCase();
  const ladders = [
    here.filter((treatment) => locale !== null && treatment.locale?.toLowerCase() === locale.toLowerCase()),
    here.filter((treatment) => locale !== null && language(treatment.locale) === language(locale)),
    here.filter((treatment) => treatment.locale === null),
    locale === null ? here : [],
  ];
  return ladders.find((fits) => fits.length > 0) ?? [null];
}
