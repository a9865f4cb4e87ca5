import { DateTime } from 'luxon';
import type { AccountDossier, AccountId, Accounts, Catalogues, MemberId } from '../catalogue/index.js';
import type { ConsentLedger } from '../consent/index.js';
import type { BudgetsUsed, BudgetUsed, ContactRules, PastTouch, RuleSet } from '../contact-policy/index.js';
import type { ThreadLog, Touch, TouchLog } from '../events/index.js';
import type { FeatureSet, FeatureStore } from '../features/index.js';
import {
  type Champion,
  type ExplorationSettings,
  type Resting,
  type Situation,
  suggestionKey,
  type SuggestionId,
  type World,
} from '../recommender/index.js';
import { addDays } from '../shared/index.js';
import type { Suggestion, SuggestionBook } from '../suggestions/index.js';

export interface SituationParts {
  accounts: Accounts;
  catalogues: Catalogues;
  rules: ContactRules;
  featureSet: FeatureSet;
  features: FeatureStore;
  consents: ConsentLedger;
  touches: TouchLog;
  threads: ThreadLog;
  suggestions: SuggestionBook;
  champion: Champion;
  baseline: Champion;
  settings: { timeZone: string; salt: string; holdoutShare: number; exploration: ExplorationSettings };
}

/** Days of an account's past that are read at least. */
const LEAST_DAYS = 30;

/** Loads what decisions read: the world once, and each account's situation in a few queries for all of them. */
export class Situations {
  constructor(private readonly parts: SituationParts) {}

  async world(): Promise<World> {
    const { catalogues, rules, featureSet, champion, baseline, settings } = this.parts;
    const [catalogue, ruleSet, model, declared] = await Promise.all([
      catalogues.current(),
      rules.current(),
      champion.current(),
      baseline.current(),
    ]);
    return { catalogue, rules: ruleSet, featureSet, model, baseline: declared, ...settings };
  }

  /** In the order asked; unknown accounts are left out. Epochs are read first, so that a later change is noticed. */
  async of(accountIds: readonly AccountId[], world: World, at: Date): Promise<Situation[]> {
    const { accounts, consents, touches, threads, suggestions } = this.parts;
    const since = addDays(at, -daysRead(world.rules));
    const states = await this.parts.features.load(accountIds);
    const [dossiers, facts, touched, open, quotes, dismissals, standing] = await Promise.all([
      accounts.dossiers(accountIds),
      consents.ofAccounts(accountIds),
      touches.since(accountIds, since),
      threads.openAt(accountIds, at),
      threads.quotesSince(accountIds, since),
      suggestions.dismissalsSince(accountIds, since),
      suggestions.standingOf(accountIds, at),
    ]);
    const budgetsOf = await this.budgets(dossiers, world, at);
    const standingOf = grouped(standing);
    return dossiers.flatMap((dossier): Situation[] => {
      const { accountId } = dossier.account;
      const state = states.get(accountId);
      if (!state) return [];
      const own = standingOf.get(accountId) ?? [];
      return [
        {
          dossier,
          ...state,
          consents: facts.get(accountId) ?? [],
          history: {
            accountId,
            touches: (touched.get(accountId) ?? []).flatMap(pastTouch),
            dismissals: dismissals.get(accountId) ?? [],
            threads: open.get(accountId) ?? [],
            quotes: quotes.get(accountId) ?? [],
          },
          budgets: budgetsOf(accountId),
          openSuggestionIds: idsByKey(own),
          resting: restingByKey(own),
        },
      ];
    });
  }

  /** What members have seen today of other accounts; of this one they may be shown the same again. */
  private async budgets(
    dossiers: readonly AccountDossier[],
    { rules, timeZone }: World,
    at: Date,
  ): Promise<(accountId: AccountId) => BudgetsUsed> {
    const limited = new Set(rules.rules.flatMap((rule) => (rule.kind === 'budget' ? [rule.role] : [])));
    const members = new Map(
      dossiers.flatMap(({ team }) => team.filter(({ role }) => limited.has(role)).map(({ memberId, role }) => [memberId, role])),
    );
    const day = DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
    const seen = await this.parts.suggestions.seenSince([...members.keys()], day.toJSDate());
    const total = new Map<MemberId, number>();
    for (const { memberId, seen: count } of seen) total.set(memberId, (total.get(memberId) ?? 0) + count);
    const resetsAt = day.plus({ days: 1 }).toJSDate();
    return (accountId) => {
      const own = new Map(seen.filter((one) => one.accountId === accountId).map((one) => [one.memberId, one.seen]));
      return new Map(
        [...total].flatMap(([memberId, count]): [MemberId, BudgetUsed][] => {
          const role = members.get(memberId);
          const used = count - (own.get(memberId) ?? 0);
          return role ? [[memberId, { role, day: day.toFormat('yyyy-MM-dd'), used, resetsAt }]] : [];
        }),
      );
    };
  }
}

/** As far back as any rule looks. */
function daysRead({ rules }: RuleSet): number {
  return Math.max(LEAST_DAYS, ...rules.map((rule) => ('days' in rule ? rule.days : 0)));
}

/** Touches that began or will; what failed or was called off reached nobody. */
function pastTouch(touch: Touch): PastTouch | [] {
  return touch.state === 'failed' || touch.state === 'cancelled' ? [] : touch;
}

function grouped(suggestions: readonly Suggestion[]): Map<AccountId, Suggestion[]> {
  const groups = new Map<AccountId, Suggestion[]>();
  for (const suggestion of suggestions) {
    const group = groups.get(suggestion.accountId);
    if (group) group.push(suggestion);
    else groups.set(suggestion.accountId, [suggestion]);
  }
  return groups;
}

function idsByKey(standing: readonly Suggestion[]): Map<string, SuggestionId> {
  return new Map(standing.map((suggestion) => [suggestionKey(suggestion), suggestion.suggestionId]));
}

function restingByKey(standing: readonly Suggestion[]): Map<string, Resting> {
  return new Map(
    standing.flatMap((suggestion): [string, Resting][] => {
      const { state, snoozedUntil } = suggestion;
      if (state !== 'accepted' && state !== 'snoozed') return [];
      return [[suggestionKey(suggestion), { state, until: state === 'snoozed' ? snoozedUntil : null }]];
    }),
  );
}
