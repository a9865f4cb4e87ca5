import type { Account, Catalogue, Contact } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import type { Alert, AlertId, Announced } from '../alert.js';
import type { Firing } from '../firing.js';
import type { Told } from '../people.js';
import type { TriggerRule } from '../rules/trigger-rule.js';
import type { AlertSettings } from '../settings.js';
import { wordAlert } from '../wording/word-alert.js';
import { escalateAt, heldUntil, joinedTo } from './attention.js';
import { evidenceWith } from './moment.js';

/** A firing with all that its alerts say. */
export interface Prepared {
  firing: Firing;
  rule: TriggerRule;
  account: Account;
  contact: Contact | null;
  /** What went before, as the rule asks for it. */
  before: readonly AccountEvent[];
  /** Empty: nobody in particular. */
  recipients: readonly Told[];
  topics: string[];
  enquiry: boolean;
  validUntil: Date;
}

/** The next step that was decided; both null: none could be decided. */
export interface NextStep {
  decisionId: string | null;
  suggestionId: string | null;
  /** Why there is no suggestion. */
  because: string | null;
}

export interface Raising {
  at: Date;
  nextId: () => AlertId;
  /** What asked for the recipients' attention lately; those made here are added. */
  announced: Announced[];
  settings: AlertSettings;
  /** IANA zone of members without one of their own. */
  timeZone: string;
  catalogue: Pick<Catalogue, 'products' | 'content' | 'channels'>;
}

/** One alert a recipient, in her own language; one for nobody in particular where there is none. */
export function alertsFor(prepared: Prepared, next: NextStep, raising: Raising): Alert[] {
  const { recipients } = prepared;
  if (recipients.length === 0) return [alertOf(prepared, next, null, raising)];
  return recipients.map((member) => alertOf(prepared, next, member, raising));
}

function alertOf(prepared: Prepared, next: NextStep, member: Told | null, raising: Raising): Alert {
  const { firing, rule, account, contact, before, topics, enquiry, validUntil } = prepared;
  const { at, settings, announced, catalogue } = raising;
  const reader = {
    locale: member?.locale ?? account.locale,
    timeZone: member?.timeZone ?? raising.timeZone,
  };
  const spoken = { firing, account, contact, member, before, catalogue };
  const held = member && heldUntil(at, member.timeZone, rule.priority, settings);
  const own = announced.filter(({ memberId }) => memberId === member?.memberId);
  const alert: Alert = {
    alertId: raising.nextId(),
    firingId: firing.firingId,
    ruleId: rule.ruleId,
    ruleVersion: firing.ruleVersion,
    raisedAt: at,
    changedAt: at,
    accountId: firing.accountId,
    contactId: contact?.contactId ?? null,
    memberId: member?.memberId ?? null,
    priority: rule.priority,
    ...wordAlert(rule, spoken, reader),
    evidence: evidenceWith(firing, before),
    topics,
    enquiry,
    viewerRole: rule.role,
    ...next,
    state: 'open',
    validUntil,
    heldUntil: held,
    joinedTo: member && joinedTo(own, at, rule.priority, settings),
    escalateAt: member?.deputyId ? escalateAt(rule, at, held, settings) : null,
    escalatedTo: null,
    escalatedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
  if (alert.joinedTo === null && alert.memberId !== null)
    announced.push({ alertId: alert.alertId, memberId: alert.memberId, raisedAt: at });
  return alert;
}
