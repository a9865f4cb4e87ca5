import {
  bucketOf,
  type CompiledTriggerRule,
  type Firing,
  type FiringId,
  type Firings,
  isContradicted,
  type Match,
  matchesOf,
  mayFire,
  rangeFor,
  sameSubject,
  type Subject,
  subjectOf,
  type TriggerRules,
  type TriggerRuleSet,
} from '../alerts/index.js';
import type { AccountId, Accounts, Catalogue } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { AccountState, FeatureSet, FeatureStore } from '../features/index.js';
import { HOUR, type Ids, type Transaction } from '../shared/index.js';
import { AboutEvents } from './trigger-about.js';

export interface TriggerCheckParts {
  rules: TriggerRules;
  firings: Firings;
  accounts: Accounts;
  featureSet: FeatureSet;
  features: FeatureStore;
  ids: Ids;
}

/** Events that came in, with what the ingesting transaction has at hand. */
export interface CameIn {
  events: readonly AccountEvent[];
  /** Folded states of locked accounts; others are read. */
  stateOf: (accountId: AccountId) => AccountState | undefined;
  catalogue: Catalogue;
}

/** One rule and one subject that fresh events may concern. */
interface Hit extends Subject {
  compiled: CompiledTriggerRule;
  fresh: AccountEvent[];
}

/**
 * Checks events that come in against the trigger rules, in the transaction that takes them in, under the locks of their
 * accounts. An event that no rule names costs one look; the log is read once for all, and only where a rule counts or
 * has an `unless`.
 */
export class CheckTriggers {
  constructor(private readonly parts: TriggerCheckParts) {}

  /** Before the transaction: the rules that hold now. */
  rules(): Promise<TriggerRuleSet> {
    return this.parts.rules.current();
  }

  async run(rules: TriggerRuleSet, came: CameIn, within: Transaction): Promise<void> {
    const about = await this.about(rules, came, within);
    await this.dropContradicted(rules, came.events, about, within);
    const hits = hitsOf(rules, came.events, about);
    if (hits.length === 0) return;
    const firings = await this.firingsOf(hits, about, within);
    await this.parts.firings.add(firings, within);
  }

  private async firingsOf(
    hits: readonly Hit[],
    about: AboutEvents | null,
    within: Transaction,
  ): Promise<(Firing & { bucket: number })[]> {
    const { firings, ids } = this.parts;
    const ranges = hits.flatMap(
      ({ compiled, accountId, fresh }) => rangeFor(compiled, accountId, fresh) ?? [],
    );
    const log = await firings.eventsIn(ranges, within);
    const earlier = await firings.since(distinctAccounts(hits), lookBack(hits), within);
    return hits.flatMap((hit) => {
      const { compiled, accountId, subject, fresh } = hit;
      const own = log.filter((event) => sameSubject(compiled, event, hit));
      const before = earlier.filter(
        (one) =>
          one.accountId === accountId && one.ruleId === compiled.rule.ruleId && one.subject === subject,
      );
      const matches = matchesOf({
        compiled,
        fresh,
        known: union(
          fresh,
          own.filter((event) => compiled.when.holds(event, about?.of(event) ?? null)),
        ),
        against: own.filter((event) => compiled.unless?.holds(event, about?.of(event) ?? null)),
        earlier: before.map(({ at }) => at),
      });
      return matches.map((match) => firingOf(hit, match, ids.next() as FiringId));
    });
  }

  /** What was waited for has come: the rule does not fire, and is not resting because of it either. */
  private async dropContradicted(
    rules: TriggerRuleSet,
    events: readonly AccountEvent[],
    about: AboutEvents | null,
    within: Transaction,
  ): Promise<void> {
    const against = events.flatMap((event) =>
      rules
        .contradictedBy(event.name)
        .flatMap((compiled) =>
          compiled.unless?.holds(event, about?.of(event) ?? null) ? [{ compiled, event }] : [],
        ),
    );
    if (against.length === 0) return;
    const { firings } = this.parts;
    const accountIds = [...new Set(against.map(({ event }) => event.accountId))];
    const oldest = Math.min(
      ...against.map(
        ({ compiled, event }) =>
          event.occurredAt.getTime() - (compiled.rule.unless?.withinHours ?? 0) * HOUR - 1,
      ),
    );
    const waiting = await firings.since(accountIds, new Date(oldest), within);
    const contradicted = waiting.filter((one) =>
      against.some(
        ({ compiled, event }) =>
          compiled.rule.ruleId === one.ruleId &&
          event.accountId === one.accountId &&
          subjectOf(compiled, event).subject === one.subject &&
          isContradicted(compiled, one.at, [event]),
      ),
    );
    await firings.end(contradicted, { state: 'dropped', because: 'what was waited for has come' }, within);
  }

  /** People and features, where some rule that these events concern asks for them. */
  private async about(
    rules: TriggerRuleSet,
    { events, stateOf, catalogue }: CameIn,
    within: Transaction,
  ): Promise<AboutEvents | null> {
    const { accounts, featureSet, features } = this.parts;
    const asking = events.filter(
      (event) =>
        rules
          .firedBy(event.name)
          .some((one) => (one.when.needsAbout || one.unless?.needsAbout) && mayFire(one, event)) ||
        rules.contradictedBy(event.name).some(({ unless }) => unless?.needsAbout),
    );
    if (asking.length === 0) return null;
    const accountIds = [...new Set(asking.map(({ accountId }) => accountId))];
    const states = new Map<AccountId, AccountState>();
    for (const accountId of accountIds) {
      const state = stateOf(accountId);
      if (state) states.set(accountId, state);
    }
    const missing = accountIds.filter((accountId) => !states.has(accountId));
    if (missing.length > 0)
      for (const [accountId, { state }] of await features.load(missing, within)) states.set(accountId, state);
    return new AboutEvents(
      await accounts.dossiers(accountIds, within),
      states,
      featureSet,
      catalogue.schemas,
    );
  }
}

/** Fresh events that satisfy a rule's condition, by rule and subject. */
function hitsOf(rules: TriggerRuleSet, events: readonly AccountEvent[], about: AboutEvents | null): Hit[] {
  const hits = new Map<string, Hit>();
  for (const event of events) {
    for (const compiled of rules.firedBy(event.name)) {
      if (!mayFire(compiled, event) || !compiled.when.holds(event, about?.of(event) ?? null)) continue;
      const subject = subjectOf(compiled, event);
      const key = [compiled.rule.ruleId, subject.accountId, subject.subject].join('\u0000');
      const hit = hits.get(key);
      if (hit) hit.fresh.push(event);
      else hits.set(key, { compiled, ...subject, fresh: [event] });
    }
  }
  return [...hits.values()];
}

export function firingOf(
  { compiled, accountId, subject }: Pick<Hit, 'compiled' | 'accountId' | 'subject'>,
  { at, event, evidence, dueAt }: Match,
  firingId: FiringId,
): Firing & { bucket: number } {
  const { name, memberId, properties, contactId, recordedAt } = event;
  return {
    firingId,
    ruleId: compiled.rule.ruleId,
    ruleVersion: compiled.version,
    accountId,
    contactId,
    subject,
    at,
    firedAt: recordedAt,
    dueAt,
    evidence,
    event: { name, memberId, properties },
    memberIds: null,
    attempts: 0,
    bucket: bucketOf(compiled, at),
  };
}

function distinctAccounts(hits: readonly Hit[]): AccountId[] {
  return [...new Set(hits.map(({ accountId }) => accountId))];
}

/** As far back as a firing can still silence one of these. */
function lookBack(hits: readonly Hit[]): Date {
  const reach = hits.map(
    ({ compiled: { rule }, fresh }) =>
      Math.min(...fresh.map(({ occurredAt }) => occurredAt.getTime())) - rule.cooldownHours * HOUR - 1,
  );
  return new Date(Math.min(...reach));
}

function union(fresh: readonly AccountEvent[], known: readonly AccountEvent[]): AccountEvent[] {
  return [...new Map([...fresh, ...known].map((event) => [event.eventId, event])).values()];
}
