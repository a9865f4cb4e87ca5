import type { DataSource } from 'typeorm';
import type { AccountId, ContactId, MemberId, Role } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import {
  type Alert,
  AlertBook,
  type AlertId,
  type AlertQuery,
  type AlertState,
  type Announced,
  type ListedAlert,
} from './alert.js';
import type { FiringId } from './firing.js';
import type { TriggerRuleId } from './rules/trigger-rule.js';

/** Column and type of each member of an alert. */
const columns = {
  account_id: 'text',
  alert_id: 'text',
  firing_id: 'text',
  rule_id: 'text',
  rule_version: 'int',
  raised_at: 'timestamptz',
  changed_at: 'timestamptz',
  contact_id: 'text',
  member_id: 'text',
  priority: 'float8',
  title: 'text',
  message: 'text',
  locale: 'text',
  evidence: 'jsonb',
  topics: 'text[]',
  enquiry: 'boolean',
  viewer_role: 'text',
  decision_id: 'text',
  suggestion_id: 'text',
  because: 'text',
  state: 'text',
  valid_until: 'timestamptz',
  held_until: 'timestamptz',
  joined_to: 'text',
  escalate_at: 'timestamptz',
  escalated_to: 'text',
  escalated_at: 'timestamptz',
  acknowledged_at: 'timestamptz',
  acknowledged_by: 'text',
} as const;

interface Row {
  account_id: AccountId;
  alert_id: AlertId;
  firing_id: FiringId;
  rule_id: TriggerRuleId;
  rule_version: number;
  raised_at: Date;
  changed_at: Date;
  contact_id: ContactId | null;
  member_id: MemberId | null;
  priority: number;
  title: string;
  message: string;
  locale: string;
  evidence: { eventId: string; name: string; at: string }[];
  topics: string[];
  enquiry: boolean;
  viewer_role: Role;
  decision_id: string | null;
  suggestion_id: string | null;
  because: string | null;
  state: AlertState;
  valid_until: Date;
  held_until: Date | null;
  joined_to: AlertId | null;
  escalate_at: Date | null;
  escalated_to: MemberId | null;
  escalated_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  joined?: number;
}

const alertFrom = (row: Row): ListedAlert => ({
  alertId: row.alert_id,
  firingId: row.firing_id,
  ruleId: row.rule_id,
  ruleVersion: row.rule_version,
  raisedAt: row.raised_at,
  changedAt: row.changed_at,
  accountId: row.account_id,
  contactId: row.contact_id,
  memberId: row.member_id,
  priority: row.priority,
  title: row.title,
  message: row.message,
  locale: row.locale,
  evidence: row.evidence.map((one) => ({ ...one, at: new Date(one.at) })),
  topics: row.topics,
  enquiry: row.enquiry,
  viewerRole: row.viewer_role,
  decisionId: row.decision_id,
  suggestionId: row.suggestion_id,
  because: row.because,
  state: row.state,
  validUntil: row.valid_until,
  heldUntil: row.held_until,
  joinedTo: row.joined_to,
  escalateAt: row.escalate_at,
  escalatedTo: row.escalated_to,
  escalatedAt: row.escalated_at,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by,
  joined: row.joined ?? 0,
});

const rowOf = (alert: Alert): Omit<Row, 'evidence'> & { evidence: Alert['evidence'] } => ({
  account_id: alert.accountId,
  alert_id: alert.alertId,
  firing_id: alert.firingId,
  rule_id: alert.ruleId,
  rule_version: alert.ruleVersion,
  raised_at: alert.raisedAt,
  changed_at: alert.changedAt,
  contact_id: alert.contactId,
  member_id: alert.memberId,
  priority: alert.priority,
  title: alert.title,
  message: alert.message,
  locale: alert.locale,
  evidence: alert.evidence,
  topics: alert.topics,
  enquiry: alert.enquiry,
  viewer_role: alert.viewerRole,
  decision_id: alert.decisionId,
  suggestion_id: alert.suggestionId,
  because: alert.because,
  state: alert.state,
  valid_until: alert.validUntil,
  held_until: alert.heldUntil,
  joined_to: alert.joinedTo,
  escalate_at: alert.escalateAt,
  escalated_to: alert.escalatedTo,
  escalated_at: alert.escalatedAt,
  acknowledged_at: alert.acknowledgedAt,
  acknowledged_by: alert.acknowledgedBy,
});

const names = Object.keys(columns);
const typed = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

/** State and time of change as they are at a time ($1): an alert expires by itself. */
const EXPIRED = `(a.state = 'open' and a.valid_until <= $1)`;
const STATE_AT = `case when ${EXPIRED} then 'expired' else a.state end`;
const CHANGED_AT = `case when ${EXPIRED} then greatest(a.changed_at, a.valid_until) else a.changed_at end`;
const LISTED = `${names
  .map((name) =>
    name === 'state'
      ? `${STATE_AT} as state`
      : name === 'changed_at'
        ? `${CHANGED_AT} as changed_at`
        : `a.${name}`,
  )
  .join(', ')},
  (select count(*)::int from alerts j where j.member_id = a.member_id and j.joined_to = a.alert_id
      and j.raised_at >= a.raised_at) as joined`;

const ADDRESSED = (place: string) => `(a.member_id = ${place} or a.escalated_to = ${place})`;
const ASSIGNED = (place: string) =>
  `exists (select from account_team t where t.account_id = a.account_id and t.member_id = ${place})`;

export class PostgresAlertBook extends AlertBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(query: AlertQuery): Promise<ListedAlert[]> {
    const values: unknown[] = [query.at];
    const conditions: string[] = [];
    const where = (condition: (place: string) => string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    where((place) => `a.account_id = ${place}`, query.accountId);
    where(ADDRESSED, query.memberId);
    where((place) => `(${ADDRESSED(place)} or ${ASSIGNED(place)})`, query.seenBy);
    where((place) => `(${STATE_AT}) = ${place}`, query.state);
    where((place) => `(${CHANGED_AT}) >= ${place}`, query.changedSince);
    const { hidden } = query;
    if (hidden && hidden.topics.length + hidden.enquiries.length > 0) {
      values.push(hidden.topics, hidden.enquiries);
      const [all, asked] = [`$${values.length - 1}::text[]`, `$${values.length}::text[]`];
      conditions.push(`not (a.topics && ${all} or (a.enquiry and a.topics && ${asked}))`);
    }
    if (query.after) {
      values.push(query.after.raisedAt, query.after.alertId);
      conditions.push(`(a.raised_at, a.alert_id) < ($${values.length - 1}::timestamptz, $${values.length})`);
    }
    values.push(query.limit + 1);
    const rows = await this.database.query<Row[]>(
      `select ${LISTED} from alerts a ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
        order by a.raised_at desc, a.alert_id desc limit $${values.length}`,
      values,
    );
    return rows.map(alertFrom);
  }

  async find(alertId: AlertId, at: Date): Promise<ListedAlert | null> {
    const [row] = await this.database.query<Row[]>(`select ${LISTED} from alerts a where a.alert_id = $2`, [
      at,
      alertId,
    ]);
    return row ? alertFrom(row) : null;
  }

  async announcedTo(memberIds: readonly MemberId[], after: Date, within: Transaction): Promise<Announced[]> {
    if (memberIds.length === 0) return [];
    const manager = managerOf(within);
    const sorted = [...new Set(memberIds)].sort();
    await manager.query(
      `select pg_advisory_xact_lock(hashtextextended('nba-alerts:' || member_id, 0))
         from (select member_id from unnest($1::text[]) as member_id order by member_id) members`,
      [sorted],
    );
    const rows = await manager.query<Row[]>(
      `select alert_id, member_id, raised_at from alerts
        where member_id = any($1) and raised_at > $2 and joined_to is null order by raised_at, alert_id`,
      [sorted, after],
    );
    return rows.flatMap(({ alert_id, member_id, raised_at }) =>
      member_id === null ? [] : { alertId: alert_id, memberId: member_id, raisedAt: raised_at },
    );
  }

  async add(alerts: readonly Alert[], within: Transaction): Promise<void> {
    if (alerts.length === 0) return;
    await managerOf(within).query(
      `insert into alerts (${names.join(', ')})
       select ${names.join(', ')} from jsonb_to_recordset($1::jsonb) as given(${typed})`,
      [JSON.stringify(alerts.map(rowOf))],
    );
  }

  async acknowledge(alertId: AlertId, by: string, at: Date): Promise<ListedAlert | null> {
    await this.database.query(
      `update alerts a set state = 'acknowledged', acknowledged_at = $2, acknowledged_by = $3, changed_at = $2,
              escalate_at = null
         from alerts one
        where one.alert_id = $1 and a.account_id = one.account_id and a.firing_id = one.firing_id
          and a.state = 'open'`,
      [alertId, at, by],
    );
    return this.find(alertId, at);
  }

  async takeUnseen(limit: number, at: Date, within: Transaction): Promise<Alert[]> {
    const [rows] = await managerOf(within).query<[Row[], number]>(
      `update alerts a set escalate_at = null
         from (select account_id, alert_id from alerts where escalate_at <= $1 order by escalate_at limit $2
                  for update skip locked) due
        where a.account_id = due.account_id and a.alert_id = due.alert_id
       returning ${names.map((name) => `a.${name}`).join(', ')}`,
      [at, limit],
    );
    return rows.map(alertFrom).filter((alert) => alert.state === 'open' && alert.validUntil > at);
  }

  async escalate(
    alerts: readonly { alert: Alert; to: MemberId }[],
    at: Date,
    within: Transaction,
  ): Promise<void> {
    if (alerts.length === 0) return;
    await managerOf(within).query(
      `update alerts a set escalated_to = given.member_id, escalated_at = $4, changed_at = $4
         from unnest($1::text[], $2::text[], $3::text[]) as given(account_id, alert_id, member_id)
        where a.account_id = given.account_id and a.alert_id = given.alert_id`,
      [
        alerts.map(({ alert }) => alert.accountId),
        alerts.map(({ alert }) => alert.alertId),
        alerts.map(({ to }) => to),
        at,
      ],
    );
  }
}
