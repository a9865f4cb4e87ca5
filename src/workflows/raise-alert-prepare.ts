import {
  type AlertPeople,
  type CompiledTriggerRule,
  type Firing,
  type Firings,
  isContradicted,
  momentOf,
  type Prepared,
  recalled,
  recalledRange,
  recipientsOf,
  sameSubject,
  type Told,
  topicsOfEvent,
  type TriggerRuleSet,
  looksAhead,
  validUntil,
  wordNeed,
} from '../alerts/index.js';
import type { AccountDossier, AccountId, Accounts, Catalogue, MemberId } from '../catalogue/index.js';
import {
  type ContactRules,
  enquiryEvents,
  hiddenFrom,
  isHidden,
  type RuleSet,
} from '../contact-policy/index.js';
import type { AccountEvent } from '../events/index.js';
import type { FeatureSet, FeatureStore } from '../features/index.js';
import type { Question } from '../recommender/index.js';
import { AboutEvents } from './trigger-about.js';

export interface PrepareParts {
  firings: Firings;
  people: AlertPeople;
  accounts: Accounts;
  contactRules: ContactRules;
  featureSet: FeatureSet;
  features: FeatureStore;
  /** IANA zone of the deployment. */
  timeZone: string;
}

export interface ReadyFiring {
  prepared: Prepared;
  question: Question;
}

/** Why nobody is told of a firing. */
export interface NotTold {
  firing: Firing;
  because: string;
}

/** Reads what the alerts of firings say, and to whom, and what is to be decided for them; a few queries for all. */
export class PrepareAlerts {
  constructor(private readonly parts: PrepareParts) {}

  async of(
    claimed: readonly Firing[],
    rules: TriggerRuleSet,
    catalogue: Catalogue,
    at: Date,
  ): Promise<{ ready: ReadyFiring[]; dropped: NotTold[] }> {
    const { accounts, contactRules, people } = this.parts;
    const known = claimed.flatMap((firing) => {
      const compiled = rules.byId.get(firing.ruleId);
      return compiled ? [{ firing, compiled }] : [];
    });
    const dossiers = new Map(
      (await accounts.dossiers(known.map(({ firing }) => firing.accountId))).map((one) => [
        one.account.accountId,
        one,
      ]),
    );
    const [events, policy] = await Promise.all([this.eventsAround(known), contactRules.current()]);
    const contradicted = await this.contradicted(known, events, dossiers, catalogue);
    const told = new Map(known.map(({ firing, compiled }) => [firing, toldOf(compiled, firing, dossiers)]));
    const members = await people.members([...told.values()].flat());
    const ready: ReadyFiring[] = [];
    const dropped: NotTold[] = claimed
      .filter((firing) => !rules.byId.has(firing.ruleId))
      .map((firing) => ({ firing, because: 'its rule is gone' }));
    for (const { firing, compiled } of known) {
      const dossier = dossiers.get(firing.accountId);
      const recipients = (told.get(firing) ?? []).flatMap((memberId) => members.get(memberId) ?? []);
      const result = contradicted.has(firing)
        ? 'what was waited for has come'
        : dossier
          ? prepare(
              { firing, compiled, dossier, recipients, events, policy, catalogue, at },
              this.parts.timeZone,
            )
          : 'its account is gone';
      if (typeof result === 'string') dropped.push({ firing, because: result });
      else ready.push(result);
    }
    return { ready, dropped };
  }

  /** What went before, and what was waited for. */
  private eventsAround(
    known: readonly { firing: Firing; compiled: CompiledTriggerRule }[],
  ): Promise<AccountEvent[]> {
    return this.parts.firings.eventsIn(
      known.flatMap(({ firing, compiled }) => {
        const { accountId, at, dueAt } = firing;
        const before = recalledRange(compiled.rule, firing);
        const waited =
          compiled.unless && looksAhead(compiled)
            ? [{ accountId, names: [compiled.unless.event], from: new Date(at.getTime() - 1), to: dueAt }]
            : [];
        return [...(before ? [before] : []), ...waited];
      }),
    );
  }

  private async contradicted(
    known: readonly { firing: Firing; compiled: CompiledTriggerRule }[],
    events: readonly AccountEvent[],
    dossiers: ReadonlyMap<AccountId, AccountDossier>,
    catalogue: Catalogue,
  ): Promise<Set<Firing>> {
    const { features, featureSet } = this.parts;
    const waiting = known.filter(({ compiled }) => looksAhead(compiled));
    if (waiting.length === 0) return new Set();
    const asking = waiting.filter(({ compiled }) => compiled.unless?.needsAbout);
    const loaded = await features.load(asking.map(({ firing }) => firing.accountId));
    const states = new Map([...loaded].map(([accountId, { state }]) => [accountId, state]));
    const about = new AboutEvents([...dossiers.values()], states, featureSet, catalogue.schemas);
    const found = waiting.filter(({ firing, compiled }) => {
      const against = events.filter(
        (event) =>
          sameSubject(compiled, event, firing) && compiled.unless?.holds(event, about.of(event)) === true,
      );
      return isContradicted(compiled, firing.at, against);
    });
    return new Set(found.map(({ firing }) => firing));
  }
}

function toldOf(
  { rule }: CompiledTriggerRule,
  firing: Firing,
  dossiers: ReadonlyMap<AccountId, AccountDossier>,
): MemberId[] {
  return recipientsOf(rule, firing, dossiers.get(firing.accountId)?.team ?? []);
}

interface ToPrepare {
  firing: Firing;
  compiled: CompiledTriggerRule;
  dossier: AccountDossier;
  recipients: readonly Told[];
  events: readonly AccountEvent[];
  policy: RuleSet;
  catalogue: Catalogue;
  at: Date;
}

function prepare(
  { firing, compiled: { rule }, dossier, recipients, events, policy, catalogue, at }: ToPrepare,
  timeZone: string,
): ReadyFiring | string {
  const until = validUntil(rule, firing, at);
  if (until <= at) return 'its moment is over';
  const { account } = dossier;
  const contact = dossier.contacts.find(({ contactId }) => contactId === firing.contactId) ?? null;
  const topics = topicsOfEvent(firing.event.properties);
  const enquiry = enquiryEvents.has(firing.event.name);
  const mayKnow = (role: Told['role']) => !isHidden(hiddenFrom(policy, role), topics, enquiry);
  const allowed = recipients.filter(({ role }) => mayKnow(role));
  if (allowed.length === 0 && (recipients.length > 0 || !mayKnow(rule.role)))
    return 'the firewall hides it from those who would be told';
  const before = recalled(rule, firing, events);
  const spoken = { firing, account, contact, member: null, before, catalogue };
  const need = wordNeed(rule, spoken, timeZone);
  return {
    prepared: {
      firing,
      rule,
      account,
      contact,
      before,
      recipients: allowed,
      topics,
      enquiry,
      validUntil: until,
    },
    question: {
      accountId: firing.accountId,
      contactId: contact?.contactId ?? null,
      limit: 1,
      context: { ...momentOf(rule, firing, before, catalogue), ...(need === undefined ? {} : { need }) },
      role: rule.role,
    },
  };
}
