import {
  type CompiledTriggerRule,
  type DryMatch,
  dryRunOf,
  type Firings,
  type TriggerRuleId,
  type TriggerRules,
  wordAlert,
} from '../alerts/index.js';
import type { AccountDossier, AccountId, Accounts, Catalogue, Catalogues } from '../catalogue/index.js';
import type { AccountEvent, EventLog } from '../events/index.js';
import { type FeatureSet, timeZonesOf } from '../features/index.js';
import { HOUR } from '../shared/index.js';
import { AboutEvents } from './trigger-about.js';

export interface TriggerDryRunParts {
  rules: TriggerRules;
  accounts: Accounts;
  catalogues: Catalogues;
  firings: Firings;
  log: EventLog;
  featureSet: FeatureSet;
  /** IANA zone of the deployment. */
  timeZone: string;
}

export interface TriggerDryRun {
  /** Events of the period that satisfy the rule's condition. */
  matchedEvents: number;
  /** Alerts that would have been raised. */
  alertCount: number;
  /** The first of them, by account. */
  alerts: {
    ruleId: TriggerRuleId;
    raisedAt: Date;
    accountId: AccountId;
    contactId: string | null;
    title: string;
    message: string;
    evidence: { eventId: string; name: string; at: Date }[];
  }[];
}

const ACCOUNTS_AT_ONCE = 200;
const ALERTS_SHOWN = 1000;

/** Tries a rule on a period that is over, account by account; nothing is changed, and nobody is told. */
export class DryRunTriggerRule {
  constructor(private readonly parts: TriggerDryRunParts) {}

  /** Null: there is no such rule. */
  async run(ruleId: TriggerRuleId, from: Date, to: Date): Promise<TriggerDryRun | null> {
    const compiled = (await this.parts.rules.current()).byId.get(ruleId);
    if (!compiled) return null;
    const catalogue = await this.parts.catalogues.current();
    const total: TriggerDryRun = { matchedEvents: 0, alertCount: 0, alerts: [] };
    let after: AccountId | null = null;
    for (;;) {
      const accountIds: AccountId[] = await this.parts.accounts.idsAfter(after, ACCOUNTS_AT_ONCE);
      after = accountIds.at(-1) ?? null;
      if (after === null) return total;
      await this.tryOn(accountIds, compiled, { from, to }, catalogue, total);
    }
  }

  private async tryOn(
    accountIds: readonly AccountId[],
    compiled: CompiledTriggerRule,
    period: { from: Date; to: Date },
    catalogue: Catalogue,
    total: TriggerDryRun,
  ): Promise<void> {
    const dossiers = await this.parts.accounts.dossiers(accountIds);
    const judged = await this.judged(dossiers, compiled, period, catalogue);
    for (const dossier of dossiers) {
      const own = judged.get(dossier.account.accountId);
      if (!own) continue;
      const { matchedEvents, matches } = dryRunOf(compiled, own.matching, own.against, period);
      total.matchedEvents += matchedEvents;
      total.alertCount += matches.length;
      for (const match of matches.slice(0, ALERTS_SHOWN - total.alerts.length))
        total.alerts.push(this.shown(match, compiled, dossier, catalogue));
    }
  }

  /** Events that satisfy the condition, and those that satisfy `unless`, by account. */
  private async judged(
    dossiers: readonly AccountDossier[],
    compiled: CompiledTriggerRule,
    period: { from: Date; to: Date },
    catalogue: Catalogue,
  ): Promise<Map<AccountId, { matching: AccountEvent[]; against: AccountEvent[] }>> {
    const found = new Map<AccountId, { matching: AccountEvent[]; against: AccountEvent[] }>();
    const { when, unless } = compiled;
    const judge = (event: AccountEvent, about: AboutEvents | null): void => {
      const known = about?.of(event) ?? null;
      const own = found.get(event.accountId) ?? { matching: [], against: [] };
      if (when.holds(event, known)) own.matching.push(event);
      if (unless?.holds(event, known)) own.against.push(event);
      found.set(event.accountId, own);
    };
    if (when.needsAbout || unless?.needsAbout)
      await this.foldAndJudge(dossiers, reachOf(compiled, period).to, catalogue, judge);
    else for (const event of await this.named(dossiers, compiled, period)) judge(event, null);
    return found;
  }

  private named(
    dossiers: readonly AccountDossier[],
    compiled: CompiledTriggerRule,
    period: { from: Date; to: Date },
  ): Promise<AccountEvent[]> {
    const names = [compiled.when.event, ...(compiled.unless ? [compiled.unless.event] : [])];
    const reach = reachOf(compiled, period);
    return this.parts.firings.eventsIn(
      dossiers.map(({ account: { accountId } }) => ({ accountId, names, ...reach })),
    );
  }

  /** The whole past, folded event by event, so that each is judged by the features of its time. */
  private async foldAndJudge(
    dossiers: readonly AccountDossier[],
    to: Date,
    catalogue: Catalogue,
    judge: (event: AccountEvent, about: AboutEvents) => void,
  ): Promise<void> {
    const { log, featureSet, timeZone } = this.parts;
    const pasts = await log.ofAccounts(
      dossiers.map(({ account }) => account.accountId),
      new Date(to.getTime() + 1),
    );
    for (const dossier of dossiers) {
      const { accountId } = dossier.account;
      const state = featureSet.empty();
      const about = new AboutEvents([dossier], new Map([[accountId, state]]), featureSet, catalogue.schemas);
      const zoneOf = timeZonesOf(dossier, timeZone);
      for (const event of pasts.get(accountId) ?? []) {
        featureSet.fold(state, event, { timeZone: zoneOf(event.contactId) });
        judge(event, about);
      }
    }
  }

  private shown(
    match: DryMatch,
    compiled: CompiledTriggerRule,
    { account, contacts }: AccountDossier,
    catalogue: Catalogue,
  ): TriggerDryRun['alerts'][number] {
    const { event, evidence, at, dueAt, accountId, contactId } = match;
    const { name, memberId, properties } = event;
    const contact = contacts.find((one) => one.contactId === contactId) ?? null;
    const firing = { at, evidence, event: { name, memberId, properties } };
    const spoken = { firing, account, contact, member: null, before: [], catalogue };
    const { title, message } = wordAlert(compiled.rule, spoken, {
      locale: 'en',
      timeZone: this.parts.timeZone,
    });
    return { ruleId: compiled.rule.ruleId, raisedAt: dueAt, accountId, contactId, title, message, evidence };
  }
}

/** The period with what windows before it and waiting after it reach. */
function reachOf(
  { rule }: CompiledTriggerRule,
  { from, to }: { from: Date; to: Date },
): { from: Date; to: Date } {
  const guard = (rule.unless?.withinHours ?? 0) * HOUR;
  return {
    from: new Date(from.getTime() - rule.withinHours * HOUR - guard - 1),
    to: new Date(to.getTime() + guard),
  };
}
