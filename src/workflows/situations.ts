import { DateTime } from 'luxon';
import type { AccountId, Catalogues, MemberId } from '../catalogue/index.js';
import type { BudgetsUsed, BudgetUsed, ContactRules, ReachBook, RuleSet } from '../contact-policy/index.js';
import type { AccountState, FeatureSet, FeatureStore } from '../features/index.js';
import { type HourProfiles, publishedNumbers } from '../insights/index.js';
import {
  type Champion,
  type ExplorationSettings,
  type IncrementalValue,
  type Resting,
  type Situation,
  suggestionKey,
  type World,
} from '../recommender/index.js';
import type { Challengers } from '../learning/index.js';
import { addDays, type Transaction } from '../shared/index.js';
import { avoidedHoursOf, EFFECT_DAYS, loweringsOf } from '../suggestions/index.js';
import type { SituationRow, SituationRows, StandingRow, Versions } from './situation-rows.js';

export interface SituationParts {
  rows: SituationRows;
  catalogues: Catalogues;
  rules: ContactRules;
  reach: ReachBook;
  featureSet: FeatureSet;
  features: FeatureStore;
  champion: Champion;
  baseline: Champion;
  challengers: Challengers;
  hours: HourProfiles;
  incremental: IncrementalValue;
  settings: {
    timeZone: string;
    salt: string;
    holdoutShare: number;
    slotDays: number;
    exploration: ExplorationSettings;
  };
}

/** Days of an account's past that are read at least. */
const LEAST_DAYS = 30;

/** Loads what decisions read: the world once, and the situations of many accounts in one query. */
export class Situations {
  private kept: { versions: Versions; world: World } | null = null;

  constructor(private readonly parts: SituationParts) {}

  /** The same object while catalogue, rules and models stay as they are. */
  async world(): Promise<World> {
    const versions = await this.parts.rows.versions();
    if (this.kept && same(this.kept.versions, versions)) return this.kept.world;
    const { catalogues, rules, reach, featureSet, champion, baseline, incremental, settings } = this.parts;
    const [catalogue, ruleSet, reached, model, declared, hours, effects, challengers] = await Promise.all([
      catalogues.current(),
      rules.current(),
      reach.current(),
      champion.current(),
      baseline.current(),
      this.parts.hours.current(),
      incremental.current(),
      this.parts.challengers.current(),
    ]);
    const world: World = {
      catalogue,
      rules: ruleSet,
      reach: reached,
      featureSet,
      model,
      baseline: declared,
      challengers,
      ...(hours ? { hours } : {}),
      incremental: effects,
      ...settings,
    };
    const current =
      catalogue.version === versions['catalogue'] && ruleSet.version === versions['contact-rules'];
    this.kept = current ? { versions, world } : null;
    return world;
  }

  /** Both at once, which takes no longer than one as long as the world stays as it was. */
  async withWorld(
    accountIds: readonly AccountId[],
    at: Date,
  ): Promise<{ world: World; situations: Situation[] }> {
    const before = this.kept?.world;
    const reading = before && this.rows(accountIds, before, at);
    // Where it is not needed nobody is told of a failure.
    reading?.catch(() => undefined);
    const world = await this.world();
    const rows = reading && world === before ? await reading : await this.rows(accountIds, world, at);
    return { world, situations: await this.read(rows, world, at) };
  }

  /** In the order asked; unknown accounts are left out. Inside a transaction that holds their locks: as they stand. */
  async of(
    accountIds: readonly AccountId[],
    world: World,
    at: Date,
    within?: Transaction,
  ): Promise<Situation[]> {
    return this.read(await this.rows(accountIds, world, at, within), world, at, within);
  }

  private rows(
    accountIds: readonly AccountId[],
    world: World,
    at: Date,
    within?: Transaction,
  ): Promise<SituationRow[]> {
    const since = addDays(at, -daysRead(world.rules));
    return this.parts.rows.of(accountIds, { at, since, seenFrom: dayBegun(world, at).toJSDate() }, within);
  }

  private async read(
    rows: readonly SituationRow[],
    world: World,
    at: Date,
    within?: Transaction,
  ): Promise<Situation[]> {
    const day = dayBegun(world, at);
    const states = await this.states(rows, within);
    return rows.flatMap((row): Situation[] => {
      const { dossier, policyEpoch, stateSequence, consents, history, standing } = row;
      const loaded = states.get(dossier.account.accountId);
      if (!loaded) return [];
      const published = publishedNumbers(row.published);
      return [
        {
          dossier,
          policyEpoch,
          stateSequence,
          state: loaded.state,
          ...(published ? { published } : {}),
          consents,
          history,
          budgets: budgetsOf(row, world, day),
          openSuggestionIds: new Map(standing.map((one) => [suggestionKey(one), one.suggestionId])),
          resting: restingByKey(standing),
          ...(history.dismissals.length > 0
            ? {
                lowerings: loweringsOf(history.dismissals, at),
                avoidedHours: avoidedHoursOf(history.dismissals, at),
              }
            : {}),
          standingStates: new Map(standing.map(({ suggestionId, state }) => [suggestionId, state])),
        },
      ];
    });
  }

  /** A state that was folded by other definitions, or cleared, is folded from the log; one that never was is empty. */
  private async states(
    rows: readonly SituationRow[],
    within?: Transaction,
  ): Promise<Map<AccountId, { state: AccountState }>> {
    const { featureSet, features } = this.parts;
    const states = new Map<AccountId, { state: AccountState }>();
    const missing: AccountId[] = [];
    for (const { dossier, state, stateSequence, featureSet: version } of rows) {
      const { accountId } = dossier.account;
      if (state && version === featureSet.version)
        states.set(accountId, { state: featureSet.decode(state, version) });
      else if (!state && stateSequence === 0) states.set(accountId, { state: featureSet.empty() });
      else missing.push(accountId);
    }
    if (missing.length === 0) return states;
    return new Map([...states, ...(await features.load(missing, within))]);
  }
}

function same(one: Versions, other: Versions): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function dayBegun({ timeZone }: World, at: Date): DateTime {
  return DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
}

/** What members have seen today of other accounts; of this one they may be shown the same again. */
function budgetsOf({ dossier, seen }: SituationRow, { rules }: World, day: DateTime): BudgetsUsed {
  if (seen.length === 0) return NOTHING_SEEN;
  const limited = new Set(rules.rules.flatMap((rule) => (rule.kind === 'budget' ? [rule.role] : [])));
  const budgets = new Map<MemberId, BudgetUsed>();
  for (const { memberId, role } of dossier.team) {
    if (!limited.has(role)) continue;
    const used = seen
      .filter((one) => one.memberId === memberId && one.accountId !== dossier.account.accountId)
      .reduce((sum, one) => sum + one.seen, 0);
    const resetsAt = day.plus({ days: 1 }).toJSDate();
    if (used > 0) budgets.set(memberId, { role, day: day.toFormat('yyyy-MM-dd'), used, resetsAt });
  }
  return budgets;
}

const NOTHING_SEEN: BudgetsUsed = new Map();

/** As far back as any rule looks. */
function daysRead({ rules }: RuleSet): number {
  return Math.max(LEAST_DAYS, EFFECT_DAYS, ...rules.map((rule) => ('days' in rule ? rule.days : 0)));
}

function restingByKey(standing: readonly StandingRow[]): Map<string, Resting> {
  return new Map(
    standing.flatMap((one): [string, Resting][] => {
      const { state, snoozedUntil } = one;
      if (state !== 'accepted' && state !== 'snoozed') return [];
      return [[suggestionKey(one), { state, until: state === 'snoozed' ? snoozedUntil : null }]];
    }),
  );
}
