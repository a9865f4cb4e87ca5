import type { DataSource } from 'typeorm';
import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import { type AccountEvent, EVENT_COLUMNS, eventFrom, type EventRow } from '../events/index.js';
import type { Transaction } from '../shared/index.js';
import { type EventRange, type Firing, type FiringId, Firings } from './firing.js';
import type { TriggerRuleId } from './rules/trigger-rule.js';

/** Channel of `NOTIFY` that wakes whoever raises alerts when something has fired. */
export const FIRINGS_CHANNEL = 'nba_firings';

/** Each range is a stretch of the primary key. */
const EVENTS_IN = `
  select e.* from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as asked(account_id, since, until)
    cross join lateral (
      select ${EVENT_COLUMNS} from events e
       where e.account_id = asked.account_id and e.occurred_at > asked.since and e.occurred_at <= asked.until
         and e.name = any($4)) e
   order by e.account_id, e.occurred_at, e.event_id`;

interface FiringRow {
  account_id: AccountId;
  firing_id: FiringId;
  rule_id: TriggerRuleId;
  rule_version: number;
  contact_id: ContactId | null;
  subject: string;
  at: Date;
  fired_at: Date;
  due_at: Date;
  evidence: { eventId: string; name: string; at: string }[];
  event: Firing['event'];
  member_ids: MemberId[] | null;
  attempts: number;
}

const firingFrom = (row: FiringRow): Firing => ({
  firingId: row.firing_id,
  ruleId: row.rule_id,
  ruleVersion: row.rule_version,
  accountId: row.account_id,
  contactId: row.contact_id,
  subject: row.subject,
  at: row.at,
  firedAt: row.fired_at,
  dueAt: row.due_at,
  evidence: row.evidence.map((one) => ({ ...one, at: new Date(one.at) })),
  event: row.event,
  memberIds: row.member_ids,
  attempts: row.attempts,
});

/** The oldest due firing of each account that nobody else works on. */
const CLAIM = `
  with due as (
    select account_id, firing_id, due_at
      from trigger_firings
     where state = 'waiting' and due_at <= $2 and (claimed_until is null or claimed_until <= $2)
     order by due_at, firing_id limit $1 * 4
       for update skip locked),
  chosen as (
    select account_id, firing_id from (
      select distinct on (account_id) account_id, firing_id, due_at from due order by account_id, due_at, firing_id
    ) first order by due_at, firing_id limit $1)
  update trigger_firings f set claimed_until = $3, attempts = f.attempts + 1
    from chosen
   where f.account_id = chosen.account_id and f.firing_id = chosen.firing_id
  returning f.account_id, f.firing_id, f.rule_id, f.rule_version, f.contact_id, f.subject, f.at, f.fired_at, f.due_at,
            f.evidence, f.event, f.member_ids, f.attempts`;

export class PostgresFirings extends Firings {
  constructor(private readonly database: DataSource) {
    super();
  }

  async eventsIn(ranges: readonly EventRange[], within?: Transaction): Promise<AccountEvent[]> {
    if (ranges.length === 0) return [];
    const rows = await (within ? managerOf(within) : this.database).query<EventRow[]>(EVENTS_IN, [
      ranges.map(({ accountId }) => accountId),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
      [...new Set(ranges.flatMap(({ names }) => names))],
    ]);
    const found = new Map(rows.map((row) => [row.event_id, eventFrom(row)]));
    return [...found.values()];
  }

  async since(
    accountIds: readonly AccountId[],
    after: Date,
    within: Transaction,
  ): ReturnType<Firings['since']> {
    const rows = await managerOf(within).query<FiringRow[]>(
      `select account_id, firing_id, rule_id, subject, at, due_at from trigger_firings
        where account_id = any($1) and at > $2 and state <> 'dropped'`,
      [accountIds, after],
    );
    return rows.map((row) => ({
      firingId: row.firing_id,
      accountId: row.account_id,
      ruleId: row.rule_id,
      subject: row.subject,
      at: row.at,
      dueAt: row.due_at,
    }));
  }

  async add(firings: readonly (Firing & { bucket: number })[], within: Transaction): Promise<void> {
    if (firings.length === 0) return;
    await managerOf(within).query(
      `with fired as (
         insert into trigger_firings (account_id, firing_id, rule_id, rule_version, contact_id, subject, bucket, at,
                                      fired_at, due_at, evidence, event, member_ids, state, attempts)
         select account_id, firing_id, rule_id, rule_version, contact_id, subject, bucket, at, fired_at, due_at,
                evidence, event, member_ids, 'waiting', 0
           from jsonb_to_recordset($1::jsonb) as given(account_id text, firing_id text, rule_id text, rule_version int,
             contact_id text, subject text, bucket bigint, at timestamptz, fired_at timestamptz, due_at timestamptz,
             evidence jsonb, event jsonb, member_ids text[])
         on conflict do nothing)
       select pg_notify('${FIRINGS_CHANNEL}', '')`,
      [
        JSON.stringify(
          firings.map((one) => ({
            account_id: one.accountId,
            firing_id: one.firingId,
            rule_id: one.ruleId,
            rule_version: one.ruleVersion,
            contact_id: one.contactId,
            subject: one.subject,
            bucket: one.bucket,
            at: one.at,
            fired_at: one.firedAt,
            due_at: one.dueAt,
            evidence: one.evidence,
            event: one.event,
            member_ids: one.memberIds,
          })),
        ),
      ],
    );
  }

  async claim(limit: number, at: Date, until: Date): Promise<Firing[]> {
    const [rows] = await this.database.query<[FiringRow[], number]>(CLAIM, [limit, at, until]);
    return rows
      .map(firingFrom)
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.firingId < b.firingId ? -1 : 1));
  }

  async end(
    firings: readonly Pick<Firing, 'accountId' | 'firingId'>[],
    outcome: { state: 'raised' } | { state: 'dropped'; because: string },
    within?: Transaction,
  ): Promise<Set<FiringId>> {
    if (firings.length === 0) return new Set();
    const [rows] = await (within ? managerOf(within) : this.database).query<
      [{ firing_id: FiringId }[], number]
    >(
      `update trigger_firings f set state = $3, because = $4, claimed_until = null
         from unnest($1::text[], $2::text[]) as ended(account_id, firing_id)
        where f.account_id = ended.account_id and f.firing_id = ended.firing_id and f.state = 'waiting'
       returning f.firing_id`,
      [
        firings.map(({ accountId }) => accountId),
        firings.map(({ firingId }) => firingId),
        outcome.state,
        outcome.state === 'dropped' ? outcome.because : null,
      ],
    );
    return new Set(rows.map((row) => row.firing_id));
  }

  async giveBack(firings: readonly Pick<Firing, 'accountId' | 'firingId'>[], from: Date): Promise<void> {
    if (firings.length === 0) return;
    await this.database.query(
      `update trigger_firings f set claimed_until = $3
         from unnest($1::text[], $2::text[]) as given(account_id, firing_id)
        where f.account_id = given.account_id and f.firing_id = given.firing_id and f.state = 'waiting'`,
      [firings.map(({ accountId }) => accountId), firings.map(({ firingId }) => firingId), from],
    );
  }
}
