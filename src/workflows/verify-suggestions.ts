import type { AccountId, Role } from '../catalogue/index.js';
import type { CompiledContactPolicy, IntendedTouch, Refusal, RuleName } from '../contact-policy/index.js';
import { policyOf, refusedByAddress, type Situation, termsOf, type World } from '../recommender/index.js';
import type { Clock, Transactions } from '../shared/index.js';
import {
  policyVersions,
  refusedBy,
  standing,
  type Suggestion,
  type SuggestionChanges,
  wordClosing,
} from '../suggestions/index.js';
import type { CloseSuggestions } from './close-suggestions.js';
import type { DecisionGate } from './decision-gate.js';
import type { Situations } from './situations.js';
import { isHiddenFrom } from './suggestion-audience.js';

export interface VerifyParts {
  transactions: Transactions;
  gate: DecisionGate;
  situations: Situations;
  close: CloseSuggestions;
  changes: SuggestionChanges;
  clock: Clock;
}

const TRIES = 5;
/** A budget is renewed tomorrow, and reach is about what is suggested at all: they close nothing that was suggested. */
const PASSING: ReadonlySet<RuleName> = new Set(['budget', 'reach']);
/** What somebody has accepted is under way: its own touches do not close it. */
const PASSING_IF_ACCEPTED: ReadonlySet<RuleName> = new Set(['budget', 'reach', 'cap', 'cool-down']);

/**
 * Checks suggestions before they are shown: where the account's past, the rules or the catalogue have changed since the
 * last check, the whole contact policy is asked again, and what it refuses is withdrawn.
 */
export class VerifySuggestions {
  constructor(private readonly parts: VerifyParts) {}

  /** The suggestions that may be shown to a role, in order; those that no longer stand are shown as they are. */
  async run(suggestions: readonly Suggestion[], viewer: Role | null): Promise<Suggestion[]> {
    const world = await this.parts.situations.world();
    const checked = new Map(suggestions.map((suggestion) => [suggestion.suggestionId, suggestion]));
    for (let tried = 1; ; tried += 1) {
      const stale = await this.stale([...checked.values()], world);
      if (stale.length === 0) break;
      for (const one of await this.check(stale, world)) checked.set(one.suggestionId, one);
      // an account that changes faster than it is checked shows nothing unchecked
      if (tried === TRIES)
        for (const one of await this.stale([...checked.values()], world)) checked.delete(one.suggestionId);
    }
    return [...checked.values()].filter(({ topics }) => !isHiddenFrom(viewer, topics, world.rules));
  }

  private async stale(suggestions: readonly Suggestion[], world: World): Promise<Suggestion[]> {
    const stand = suggestions.filter(({ state }) => standing.includes(state));
    if (stand.length === 0) return [];
    const epochs = await this.parts.gate.look(stand.map(({ accountId }) => accountId));
    const versions = currentVersions(world);
    return stand.filter(
      ({ accountId, verifiedEpoch, verifiedVersions }) =>
        epochs.get(accountId)?.policyEpoch !== verifiedEpoch || verifiedVersions !== versions,
    );
  }

  private async check(suggestions: readonly Suggestion[], world: World): Promise<Suggestion[]> {
    const at = this.parts.clock.now();
    const accountIds = [...new Set(suggestions.map(({ accountId }) => accountId))];
    const situations = await this.parts.situations.of(accountIds, world, at);
    const known = new Map(situations.map((situation) => [situation.dossier.account.accountId, situation]));
    const policies = new Map<AccountId, CompiledContactPolicy>();
    const judged = suggestions.map((suggestion) => {
      const situation = known.get(suggestion.accountId);
      if (!situation) return { suggestion, situation, refusal: GONE };
      const policy = policies.get(suggestion.accountId) ?? policyOf({ situation, at }, world);
      policies.set(suggestion.accountId, policy);
      return { suggestion, situation, refusal: refusalOf(suggestion, situation, policy, world, at) };
    });
    const versions = currentVersions(world);
    const allowed = judged.flatMap(({ suggestion, situation, refusal }) =>
      refusal || !situation
        ? []
        : { ...suggestion, verifiedAt: at, verifiedEpoch: situation.policyEpoch, verifiedVersions: versions },
    );
    await this.parts.changes.verified(
      allowed.map((one) => ({ ...one, epoch: one.verifiedEpoch })),
      versions,
      at,
    );
    const refused = judged.flatMap(({ suggestion, situation, refusal }) =>
      refusal ? [{ suggestion, situation, refusal }] : [],
    );
    return [...allowed, ...(await this.withdraw(refused, at))];
  }

  /** Under the accounts' locks, where the epoch that was judged still stands; the others are looked at again. */
  private withdraw(
    refused: readonly { suggestion: Suggestion; situation: Situation | undefined; refusal: Refusal }[],
    at: Date,
  ): Promise<Suggestion[]> {
    const { transactions, gate, close } = this.parts;
    if (refused.length === 0) return Promise.resolve([]);
    return transactions.run(async (within) => {
      const now = await gate.lock(
        refused.map(({ suggestion }) => suggestion.accountId),
        within,
      );
      const withdrawn: Suggestion[] = [];
      for (const { suggestion, situation, refusal } of refused) {
        if (now.get(suggestion.accountId)?.policyEpoch !== situation?.policyEpoch) continue;
        const closing = refusedBy(refusal);
        const because = wordClosing(closing);
        withdrawn.push({ ...suggestion, state: 'withdrawn', because, closing, changedAt: at });
      }
      await close.withdraw(
        withdrawn.flatMap((suggestion) =>
          suggestion.closing === null ? [] : { suggestion, because: suggestion.closing },
        ),
        at,
        within,
      );
      return withdrawn;
    });
  }
}

const GONE: Refusal = {
  rule: 'eligibility',
  ruleId: null,
  because: 'What it was about is no longer kept.',
  until: null,
};

function currentVersions({ catalogue, rules }: World): string {
  return policyVersions({ catalogue: catalogue.version, rules: rules.version });
}

function refusalOf(
  suggestion: Suggestion,
  { dossier }: Situation,
  policy: CompiledContactPolicy,
  world: World,
  at: Date,
): Refusal | undefined {
  const touch = touchOf(suggestion, world);
  if (!touch) return GONE;
  const contact = dossier.contacts.find(({ contactId }) => contactId === suggestion.contactId);
  const noAddress = contact && refusedByAddress(contact, { kind: touch.channelKind });
  if (noAddress) return noAddress;
  const passing = suggestion.state === 'accepted' ? PASSING_IF_ACCEPTED : PASSING;
  const { from, to } = suggestion.slot;
  const window = { from: from > at ? from : at, to };
  return policy
    .refusalsOf(touch, window.from < to ? window : undefined)
    .find(({ rule }) => !passing.has(rule));
}

/** The touch that a suggestion is for; undefined when its action, channel or product is no longer kept. */
function touchOf(suggestion: Suggestion, { catalogue }: World): IntendedTouch | undefined {
  const action = catalogue.actions.get(suggestion.actionId);
  const channel = catalogue.channels.get(suggestion.channelId);
  if (!action || !channel) return undefined;
  const product =
    suggestion.productId === null ? null : (catalogue.products.get(suggestion.productId) ?? null);
  if (suggestion.productId !== null && !product) return undefined;
  const offer = termsOf(action, product);
  return {
    contactId: suggestion.contactId,
    channelId: suggestion.channelId,
    channelKind: channel.kind,
    channelConsent: channel.consent,
    purpose: suggestion.purpose,
    actionId: suggestion.actionId,
    productIds: suggestion.productIds,
    topics: suggestion.topics,
    performedBy: suggestion.performedBy.role,
    memberId: suggestion.performedBy.memberId,
    ...(offer ? { offer } : {}),
    mandatory: action.mandatory,
    viewerRole: suggestion.viewerRole,
    productsAvailable: product ? [product] : [],
  };
}
