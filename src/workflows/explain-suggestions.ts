import type { AccountId, ActionId, Catalogue, ChannelId, ProductId } from '../catalogue/index.js';
import type { AccountEvent, EventLog } from '../events/index.js';
import { evidenceFor, type FeatureDefinition, type FeatureSet } from '../features/index.js';
import type { PublishedInsights } from '../insights/index.js';
import {
  candidateKeys,
  type Contribution,
  type Decision,
  type DecisionLog,
  decodeSnapshot,
  FallbackRules,
  type InputSchema,
  type PropensityModel,
  type Reason,
  schemaDigest,
  type ScoredCandidate,
  type Snapshot,
  suggestionKey,
  type SuggestionId,
  type World,
} from '../recommender/index.js';
import { doublesReason, type Ground, groundsOf, reasonsFrom, type Suggestion } from '../suggestions/index.js';
import { BatchQueue } from './batch-queue.js';
import { type InsightDetails, insightDetails, type Insights } from './explain-insights.js';
import type { DoublesEvidenceLog, DoublesSaying, EvidenceAsked } from './doubles-evidence.js';
import type { Situations } from './situations.js';

export interface ExplainParts {
  decisions: DecisionLog;
  situations: Situations;
  events: EventLog;
  featureSet: FeatureSet;
  doubles: DoublesEvidenceLog;
  insights: PublishedInsights;
}

/** Events of one account among which evidence is sought, the newest of those that the features read. */
const EVENTS_READ = 200;
/** Events that one reason may count. */
const EVENTS_COUNTED = 50;
/** Grounds of one suggestion for which evidence is sought. */
const GROUNDS_LOOKED_AT = 12;
/** Reads of events under way at a time, and the accounts of one. */
const READING = { lanes: 2, groupItems: 500, gatherMilliseconds: 1 };

interface Wanted {
  accountId: AccountId;
  /** Null: events of any name. */
  names: readonly string[] | null;
}

/**
 * The reasons of suggestions, made when they are shown: what the model itself gave weight to in the inputs that it read
 * then, as far as events in the log stand behind it now.
 */
export class ExplainSuggestions {
  private readonly definitions: ReadonlyMap<string, FeatureDefinition>;
  /** Calls that come while others read are read together. */
  private readonly reading: BatchQueue<readonly Wanted[], AccountEvent[][]>;

  private readonly asking: BatchQueue<readonly EvidenceAsked[], (DoublesSaying | null)[]>;

  constructor(private readonly parts: ExplainParts) {
    this.definitions = new Map(
      parts.featureSet.definitions.map((definition) => [definition.name, definition]),
    );
    this.reading = new BatchQueue(async (calls) => {
      const found = await parts.events.newest(calls.flat(), EVENTS_READ);
      return calls.map(({ length }) => found.splice(0, length));
    }, READING);
    this.asking = new BatchQueue(async (calls) => {
      const found = await parts.doubles.of(calls.flat());
      return calls.map(({ length }) => found.splice(0, length));
    }, READING);
  }

  /** `decisions` that are at hand, and the world that they were made in, need not be read again. */
  async reasons(
    suggestions: readonly Suggestion[],
    decisions: readonly Decision[] = [],
    made?: World,
  ): Promise<Map<SuggestionId, Reason[]>> {
    if (suggestions.length === 0) return new Map();
    const known = new Map(decisions.map((decision) => [decision.decisionId, decision]));
    const missing = suggestions.filter(({ decisionId }) => !known.has(decisionId));
    const [found, world] = await Promise.all([
      this.parts.decisions.find(distinct(missing)),
      made ?? this.parts.situations.world(),
    ]);
    for (const decision of found) known.set(decision.decisionId, decision);
    const grounds = new Map<Suggestion, Ground[]>();
    const read = new Map<Decision, Snapshot>();
    for (const suggestion of suggestions) {
      const decision = known.get(suggestion.decisionId);
      const own = decision ? await this.grounds(suggestion, decision, read, world) : [];
      grounds.set(suggestion, own.slice(0, GROUNDS_LOOKED_AT));
    }
    const [events, insights, sayings] = await Promise.all([
      this.eventsBehind(grounds),
      this.insightsBehind(grounds),
      this.sayingsOf(suggestions, world.catalogue),
    ]);
    return new Map(
      [...grounds].map(([suggestion, own]) => {
        const reasons = this.reasonsOf(suggestion, own, { events, insights }, world.catalogue);
        const byDoubles = sayings.get(suggestion) ?? [];
        const all = [...reasons, ...byDoubles].sort((a, b) => b.weight - a.weight);
        return [suggestion.suggestionId, all];
      }),
    );
  }

  /** What accounts like its own say for the product of each suggestion. */
  private async sayingsOf(
    suggestions: readonly Suggestion[],
    { products, channels }: Catalogue,
  ): Promise<Map<Suggestion, Reason[]>> {
    const about = suggestions.flatMap((suggestion) => {
      const { accountId, productId, channelId } = suggestion;
      return productId === null ? [] : [{ suggestion, asked: { accountId, productId, channelId } }];
    });
    if (about.length === 0) return new Map();
    const found = await this.asking.add(
      about.map(({ asked }) => asked),
      about.length,
    );
    return new Map(
      about.map(({ suggestion, asked }, place) => {
        const saying = found[place];
        if (!saying) return [suggestion, []];
        const product = products.get(asked.productId)?.name ?? asked.productId;
        const channelKind = saying.channelId === null ? null : (channels.get(saying.channelId)?.kind ?? null);
        return [suggestion, [doublesReason({ ...saying, product, channelKind })]];
      }),
    );
  }

  /** `read`: inputs of decisions that were decoded before. */
  private async grounds(
    suggestion: Suggestion,
    decision: Decision,
    read: Map<Decision, Snapshot>,
    world: World,
  ): Promise<Ground[]> {
    const key = suggestionKey(suggestion);
    const arms = decision.arms.flatMap(({ candidate }) => candidate ?? []);
    const place = arms.findIndex((arm) => suggestionKey(arm) === key);
    const arm = arms[place];
    if (!arm) return [];
    const snapshot = read.get(decision) ?? decodeSnapshot(decision.snapshot);
    read.set(decision, snapshot);
    const contributions = await this.contributions(decision, { snapshot, place, arm }, world);
    return groundsOf(contributions, { ...arm, topics: suggestion.topics });
  }

  private async contributions(
    decision: Decision,
    { snapshot, place, arm }: { snapshot: Snapshot; place: number; arm: ScoredCandidate },
    world: World,
  ): Promise<Contribution[]> {
    const { catalogue } = world;
    const schema = decision.versions.inputs && (await this.parts.decisions.schema(decision.versions.inputs));
    const action = catalogue.actions.get(arm.actionId);
    const channel = catalogue.channels.get(arm.channelId);
    if (!schema || !action || !channel) return [];
    const read = snapshot.arms[place];
    const inputs = read && snapshot.contacts[read.contact];
    if (!read || !inputs) return [];
    const product = arm.productId === null ? null : (catalogue.products.get(arm.productId) ?? null);
    const treatment = catalogue.treatments
      .get(arm.actionId)
      ?.find(({ treatmentId }) => treatmentId === arm.treatmentId);
    const keys = candidateKeys(action, product, channel, treatment ?? null);
    return this.modelOf(decision, schema, world).contributions(inputs, { ...keys, crosses: read.crosses });
  }

  /** The model that decided; when it serves no longer, the declared rules over the same inputs. */
  private modelOf({ versions }: Decision, schema: InputSchema, { model, baseline }: World): PropensityModel {
    const same = [model, baseline].find(({ name, version }) => `${name}:${version}` === versions.model);
    if (same?.inputSchema && schemaDigest(same.inputSchema) === versions.inputs) return same;
    return new FallbackRules(schema, this.parts.featureSet.definitions);
  }

  private reasonsOf(
    suggestion: Suggestion,
    grounds: readonly Ground[],
    { events, insights }: { events: ReadonlyMap<AccountId, AccountEvent[]>; insights: Insights },
    catalogue: Catalogue,
  ): Reason[] {
    const own = events.get(suggestion.accountId) ?? [];
    const published = insights.get(suggestion.accountId) ?? [];
    const details = (ground: Ground): InsightDetails | undefined =>
      insightDetails(this.definitions.get(ground.feature), ground, published, catalogue);
    const contactOf = new Map<string, string | null>(
      own.map(({ eventId, contactId }) => [eventId, contactId]),
    );
    return reasonsFrom(
      grounds,
      (name) => this.definitions.get(name),
      (ground) => {
        const definition = this.definitions.get(ground.feature);
        const behind = details(ground);
        if (!definition || (definition.kind === 'published' && !behind)) return [];
        const key = behind?.evidenceOf ?? ground.key?.value;
        const whose = { contactId: suggestion.contactId, limit: EVENTS_COUNTED };
        const evidence = evidenceFor(definition, key, own, suggestion.decidedAt, whose);
        if (behind?.until && evidence.some(({ at }) => at > (behind.until ?? at))) return [];
        return evidence.map((one) => ({
          ...one,
          contactId: contactOf.get(one.eventId) ?? null,
        }));
      },
      (key) => nameOf(key, catalogue),
      (ground) => details(ground)?.args,
    );
  }

  /** What insights say of the accounts whose grounds they published. */
  private async insightsBehind(grounds: ReadonlyMap<Suggestion, readonly Ground[]>): Promise<Insights> {
    const asked = [...grounds].flatMap(([{ accountId }, own]) =>
      own.some(({ feature }) => this.definitions.get(feature)?.kind === 'published') ? [accountId] : [],
    );
    return asked.length === 0 ? new Map() : this.parts.insights.of([...new Set(asked)]);
  }

  /** Events of the names that the grounds rest on, of the accounts that have any. */
  private async eventsBehind(
    grounds: ReadonlyMap<Suggestion, readonly Ground[]>,
  ): Promise<Map<AccountId, AccountEvent[]>> {
    const names = new Map<AccountId, Set<string>>();
    for (const [{ accountId }, own] of grounds) {
      const wanted = names.get(accountId) ?? new Set<string>();
      for (const { feature } of own) for (const name of this.eventsRead(feature)) wanted.add(name);
      if (own.length > 0) names.set(accountId, wanted);
    }
    if (names.size === 0) return new Map();
    const asked = [...names].map(([accountId, wanted]): Wanted => ({
      accountId,
      names: wanted.has('*') ? null : [...wanted],
    }));
    const found = await this.reading.add(asked, asked.length);
    return new Map(asked.map(({ accountId }, place) => [accountId, found[place] ?? []]));
  }

  private eventsRead(feature: string): readonly string[] {
    const definition = this.definitions.get(feature);
    if (!definition) return [];
    const read = definition.events === '*' ? ['*'] : definition.events;
    return definition.kind === 'rate' ? [...read, ...definition.bottom] : read;
  }
}

function distinct(suggestions: readonly Suggestion[]): Suggestion[] {
  return [...new Map(suggestions.map((suggestion) => [suggestion.decisionId, suggestion])).values()];
}

function nameOf({ kind, value }: { kind: string; value: string }, catalogue: Catalogue): string {
  if (kind === 'product') return catalogue.products.get(value as ProductId)?.name ?? value;
  if (kind === 'channel') return catalogue.channels.get(value as ChannelId)?.name ?? value;
  if (kind === 'action') return catalogue.actions.get(value as ActionId)?.name ?? value;
  return value;
}
