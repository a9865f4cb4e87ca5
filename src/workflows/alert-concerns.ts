import {
  bucketOf,
  type CompiledTriggerRule,
  type EvidenceEvent,
  type Firing,
  type FiringId,
  type Firings,
  type TriggerRules,
} from '../alerts/index.js';
import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import type { EventProperties } from '../events/index.js';
import { HOUR, type Ids, type Transaction } from '../shared/index.js';

/** Something of our own, not an event that came in, of which somebody is to be told. */
export interface Concern {
  /** Name that trigger rules know it by, such as `overdueEvents.promise`. */
  event: string;
  accountId: AccountId;
  contactId: ContactId | null;
  /** What it is about: a rule's cool-down is for each of these by itself. A task's id. */
  subject: string;
  /** Whom to tell; left out: as the rule says. */
  memberIds?: MemberId[];
  at: Date;
  /** For the rule's message and the decision: what, dueAt, topic, productId, … */
  properties: EventProperties;
  /** Events of the log that show it. */
  evidence?: EvidenceEvent[];
}

export interface AlertConcernsParts {
  rules: TriggerRules;
  firings: Firings;
  ids: Ids;
}

/**
 * The way to an alert for other workflows: `about` leaves in their transaction what fired, and the alert is made right
 * after, with a decision, as for an event that came in. Which rules it fires, for whom, in which words is data; conditions
 * on the event are not asked, nor counts.
 */
export class AlertConcerns {
  constructor(private readonly parts: AlertConcernsParts) {}

  /** Gives how many rules fired. The account must be locked. */
  async about(concern: Concern, within: Transaction): Promise<number> {
    const { rules, firings } = this.parts;
    const named = (await rules.current(within)).firedBy(concern.event);
    if (named.length === 0) return 0;
    const longest = Math.max(...named.map(({ rule }) => rule.cooldownHours));
    const after = new Date(concern.at.getTime() - longest * HOUR - 1);
    const earlier = await firings.since([concern.accountId], after, within);
    const fired = named.filter(
      ({ rule }) =>
        !earlier.some(
          ({ ruleId, subject, at }) =>
            ruleId === rule.ruleId &&
            subject === concern.subject &&
            Math.abs(at.getTime() - concern.at.getTime()) < rule.cooldownHours * HOUR,
        ),
    );
    await firings.add(
      fired.map((compiled) => this.firingOf(compiled, concern)),
      within,
    );
    return fired.length;
  }

  private firingOf(compiled: CompiledTriggerRule, concern: Concern): Firing & { bucket: number } {
    const { accountId, contactId, subject, at, event, properties, evidence, memberIds } = concern;
    return {
      firingId: this.parts.ids.next() as FiringId,
      ruleId: compiled.rule.ruleId,
      ruleVersion: compiled.version,
      accountId,
      contactId,
      subject,
      at,
      firedAt: at,
      dueAt: at,
      evidence: evidence ?? [],
      event: { name: event, memberId: null, properties },
      memberIds: memberIds ?? null,
      attempts: 0,
      bucket: bucketOf(compiled, at),
    };
  }
}
