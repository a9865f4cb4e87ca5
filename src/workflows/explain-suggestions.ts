import type { AccountId, Catalogue, Catalogues } from '../catalogue/index.js';
import type { AccountEvent, EventLog } from '../events/index.js';
import { evidenceFor, type FeatureDefinition, type FeatureSet } from '../features/index.js';
import {
  candidateKeys,
  type Champion,
  type Contribution,
  type Decision,
  type DecisionLog,
  decodeSnapshot,
  FallbackRules,
  type InputSchema,
  type PropensityModel,
  type Reason,
  type ScoredCandidate,
  suggestionKey,
  type SuggestionId,
} from '../recommender/index.js';
import { type Ground, groundsOf, reasonsFrom, type Suggestion } from '../suggestions/index.js';

export interface ExplainParts {
  decisions: DecisionLog;
  champion: Champion;
  baseline: Champion;
  catalogues: Catalogues;
  events: EventLog;
  featureSet: FeatureSet;
}

/** Events of one account among which evidence is sought, the newest. */
const EVENTS_READ = 300;
/** Events that one reason may count. */
const EVENTS_COUNTED = 50;
/** More accounts than this are read in one query, whole. */
const FEW_ACCOUNTS = 4;

/**
 * The reasons of suggestions, made when they are shown: what the model itself gave weight to in the inputs that it read
 * then, as far as events in the log stand behind it now.
 */
export class ExplainSuggestions {
  private readonly definitions: ReadonlyMap<string, FeatureDefinition>;

  constructor(private readonly parts: ExplainParts) {
    this.definitions = new Map(parts.featureSet.definitions.map((definition) => [definition.name, definition]));
  }

  /** `decisions` that are at hand need not be read again. */
  async reasons(
    suggestions: readonly Suggestion[],
    decisions: readonly Decision[] = [],
  ): Promise<Map<SuggestionId, Reason[]>> {
    if (suggestions.length === 0) return new Map();
    const known = new Map(decisions.map((decision) => [decision.decisionId, decision]));
    const missing = suggestions.filter(({ decisionId }) => !known.has(decisionId));
    const [found, catalogue, events] = await Promise.all([
      this.parts.decisions.find(distinct(missing)),
      this.parts.catalogues.current(),
      this.eventsOf([...new Set(suggestions.map(({ accountId }) => accountId))]),
    ]);
    for (const decision of found) known.set(decision.decisionId, decision);
    const reasons = new Map<SuggestionId, Reason[]>();
    for (const suggestion of suggestions) {
      const decision = known.get(suggestion.decisionId);
      const grounds = decision ? await this.grounds(suggestion, decision, catalogue) : [];
      reasons.set(suggestion.suggestionId, this.reasonsOf(suggestion, grounds, events, catalogue));
    }
    return reasons;
  }

  private async grounds(suggestion: Suggestion, decision: Decision, catalogue: Catalogue): Promise<Ground[]> {
    const key = suggestionKey(suggestion);
    const arms = decision.arms.flatMap(({ candidate }) => candidate ?? []);
    const place = arms.findIndex((arm) => suggestionKey(arm) === key);
    const arm = arms[place];
    if (!arm) return [];
    const contributions = await this.contributions(decision, place, arm, catalogue);
    return groundsOf(contributions, { ...arm, topics: suggestion.topics });
  }

  private async contributions(
    decision: Decision,
    place: number,
    arm: ScoredCandidate,
    catalogue: Catalogue,
  ): Promise<Contribution[]> {
    const schema = decision.versions.inputs && (await this.parts.decisions.schema(decision.versions.inputs));
    const action = catalogue.actions.get(arm.actionId);
    const channel = catalogue.channels.get(arm.channelId);
    if (!schema || !action || !channel) return [];
    const snapshot = decodeSnapshot(decision.snapshot);
    const read = snapshot.arms[place];
    const inputs = read && snapshot.contacts[read.contact];
    if (!read || !inputs) return [];
    const product = arm.productId === null ? null : (catalogue.products.get(arm.productId) ?? null);
    const treatment = catalogue.treatments.get(arm.actionId)?.find(({ treatmentId }) => treatmentId === arm.treatmentId);
    const keys = candidateKeys(action, product, channel, treatment ?? null);
    const model = await this.modelOf(decision, schema);
    return model.contributions(inputs, { ...keys, crosses: read.crosses });
  }

  /** The model that decided; when it serves no longer, the declared rules over the same inputs. */
  private async modelOf({ versions }: Decision, schema: InputSchema): Promise<PropensityModel> {
    const serving = await Promise.all([this.parts.champion.current(), this.parts.baseline.current()]);
    const same = serving.find(({ name, version }) => `${name}:${version}` === versions.model);
    if (same?.inputSchema && same.inputSchema.numbers.length === schema.numbers.length) return same;
    return new FallbackRules(schema, this.parts.featureSet.definitions);
  }

  private reasonsOf(
    suggestion: Suggestion,
    grounds: readonly Ground[],
    events: ReadonlyMap<AccountId, AccountEvent[]>,
    catalogue: Catalogue,
  ): Reason[] {
    const own = events.get(suggestion.accountId) ?? [];
    return reasonsFrom(
      grounds,
      (name) => this.definitions.get(name),
      ({ feature, key }) => {
        const definition = this.definitions.get(feature);
        if (!definition) return [];
        const whose = { contactId: suggestion.contactId, limit: EVENTS_COUNTED };
        return evidenceFor(definition, key?.value, own, suggestion.decidedAt, whose);
      },
      (key) => nameOf(key, catalogue),
    );
  }

  private async eventsOf(accountIds: readonly AccountId[]): Promise<Map<AccountId, AccountEvent[]>> {
    const { events } = this.parts;
    if (accountIds.length > FEW_ACCOUNTS) return events.ofAccounts(accountIds);
    const pages = await Promise.all(
      accountIds.map(async (accountId): Promise<[AccountId, AccountEvent[]]> => [
        accountId,
        await events.page(accountId, { limit: EVENTS_READ }),
      ]),
    );
    return new Map(pages);
  }
}

function distinct(suggestions: readonly Suggestion[]): Suggestion[] {
  return [...new Map(suggestions.map((suggestion) => [suggestion.decisionId, suggestion])).values()];
}

function nameOf({ kind, value }: { kind: string; value: string }, catalogue: Catalogue): string {
  const named = <Item extends { name: string }>(items: Iterable<[string, Item]>) =>
    [...items].find(([id]) => id === value)?.[1].name;
  if (kind === 'product') return named(catalogue.products) ?? value;
  if (kind === 'channel') return named(catalogue.channels) ?? value;
  if (kind === 'action') return named(catalogue.actions) ?? value;
  return value;
}
