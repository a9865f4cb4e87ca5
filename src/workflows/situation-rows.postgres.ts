import type { DataSource } from 'typeorm';
import type { AccountDossier, AccountId } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { ContactHistory } from '../contact-policy/index.js';
import { managerOf, prepared } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type SituationRow, SituationRows, type StandingRow, type Versions } from './situation-rows.js';

/** Rows of a query as one JSON list. A list is read many times faster than rows are. */
const list = (columns: string, from: string, order?: string): string =>
  `(select coalesce(json_agg(x), '[]') from (select ${columns} from ${from}${order ? ` order by ${order}` : ''}) x)`;
/** A time in Unix milliseconds. */
const ms = (column: string, name: string): string =>
  `floor(extract(epoch from ${column}) * 1000)::bigint as "${name}"`;

const CONTACTS = list(
  `c.contact_id as "contactId", c.account_id as "accountId", c.name,
   case when c.held_email = lower(c.email) then null else c.email end as email, c.phone,
   coalesce(c.held_email = lower(c.email), false) as "emailHeld", c.time_zone as "timeZone", c.locale,
   c.attributes, c.stub, c.messages_per_week as "messagesPerWeek"`,
  'contacts c where c.account_id = a.account_id',
  'c.contact_id',
);
const TEAM = list(
  `t.account_id as "accountId", t.member_id as "memberId", m.role`,
  'account_team t join team_members m using (member_id) where t.account_id = a.account_id',
  't.member_id',
);
const CONSENTS = list(
  `f.consent_id as "consentId", f.account_id as "accountId", f.contact_id as "contactId", f.channel_id as "channelId",
   f.purpose, f.status, f.source, f.product_id as "productId", f.topic, ${ms('f.effective_at', 'effectiveAt')},
   ${ms('f.expires_at', 'expiresAt')}, ${ms('f.recorded_at', 'recordedAt')}, f.recorded_by as "recordedBy", f.wording, f.proof`,
  'consent_facts f where f.account_id = a.account_id',
  'f.effective_at, f.recorded_at, f.consent_id',
);
const TOUCHES = list(
  `t.contact_id as "contactId", t.channel_id as "channelId", t.purpose, t.action_id as "actionId",
   t.product_ids as "productIds", ${ms('t.at', 'at')}`,
  `touches t where t.account_id = a.account_id and t.at >= $3 and t.state not in ('planned', 'failed', 'cancelled')`,
  't.at, t.touch_id',
);
const DISMISSALS = list(
  `r.contact_id as "contactId", r.action_id as "actionId", r.product_id as "productId", r.channel_id as "channelId",
   case when r.kind = 'completed' then 'completed' else coalesce(r.reason, 'other') end as reason, ${ms('r.responded_at', 'at')},
   r.review, r.time_zone as "timeZone", ${ms('r.slot_from', 'slotFrom')}, ${ms('r.slot_to', 'slotTo')}`,
  `responses r where r.account_id = a.account_id and r.kind in ('dismissed', 'completed') and r.undone_at is null
     and (r.responded_at >= $3 or r.review in ('open', 'upheld'))`,
  'r.responded_at, r.response_id',
);
const THREADS = list(
  `h.kind, h.conversation_id as "conversationId", h.contact_ids as "contactIds", h.topics,
   ${ms('case when h.closed_at < h.last_opened_at then h.last_opened_at else h.opened_at end', 'openedAt')},
   ${ms('case when h.closed_at >= h.last_opened_at then h.closed_at end', 'closedAt')}`,
  `whole_threads h where h.account_id = a.account_id and h.opened_at <= $2
     and (h.closed_at is null or h.closed_at < h.last_opened_at or h.closed_at > $2)`,
  'h.opened_at, h.conversation_id',
);
const QUOTES = list(
  `q.product_id as "productId", q.price, q.discount, ${ms('q.quoted_at', 'quotedAt')}, ${ms('q.valid_until', 'validUntil')}`,
  'quotes q where q.account_id = a.account_id and (q.quoted_at >= $3 or q.valid_until >= $3)',
  'q.quoted_at, q.event_id',
);
const STANDING = list(
  `s.suggestion_id as "suggestionId", s.action_id as "actionId", s.contact_id as "contactId", s.channel_id as "channelId",
   s.product_id as "productId", case when s.state = 'snoozed' and s.snoozed_until <= $2 then 'open' else s.state end as state,
   ${ms('s.snoozed_until', 'snoozedUntil')}`,
  `suggestions s where s.account_id = a.account_id and s.state in ('open', 'seen', 'accepted', 'snoozed')
     and (s.state = 'accepted' or s.expires_at > $2)`,
);
/** As the insights wrote them. */
const PUBLISHED = `(select json_agg(p.numbers) from published_insights p where p.account_id = a.account_id)`;
/** What the teams of all asked accounts have seen; with the first account only. */
const SEEN = `case when a.place = 1 then ${list(
  'g.member_id as "memberId", g.account_id as "accountId", count(*)::int as seen',
  `suggestions g where g.seen_at >= $4 and g.member_id in (select t.member_id from account_team t where t.account_id = any($1))
    group by g.member_id, g.account_id`,
)} end`;

const SITUATIONS = {
  name: 'situations',
  onePlan: true,
  text: `
  select s.policy_epoch, s.state_sequence, s.feature_set, s.state,
         json_build_object('accountId', c.account_id, 'name', c.name, 'kind', c.kind, 'segment', c.segment, 'region', c.region,
           'country', c.country, 'timeZone', c.time_zone, 'locale', c.locale, 'location', c.location, 'mode', c.mode,
           'attributes', c.attributes, 'stub', c.stub) as account,
         ${CONTACTS} as contacts, ${TEAM} as team, ${CONSENTS} as consents, ${TOUCHES} as touches,
         ${DISMISSALS} as dismissals, ${THREADS} as threads, ${QUOTES} as quotes, ${STANDING} as standing, ${PUBLISHED} as published,
         ${SEEN} as seen
    from unnest($1::text[]) with ordinality as a(account_id, place)
    join account_state s on s.account_id = a.account_id
    join accounts c on c.account_id = a.account_id
   order by a.place`,
};

const VERSIONS = { name: 'versions', text: 'select name, version from versions' };

/** A row whose times are Unix milliseconds. */
type Timed<Row> = { [Key in keyof Row]: Date extends Row[Key] ? number | Extract<Row[Key], null> : Row[Key] };

type DismissalRow = Omit<Timed<ContactHistory['dismissals'][number]>, 'slot'> & {
  timeZone: string | null;
  slotFrom: number | null;
  slotTo: number | null;
};

interface Row {
  policy_epoch: string;
  state_sequence: string;
  feature_set: string | null;
  state: Buffer | null;
  account: AccountDossier['account'];
  contacts: AccountDossier['contacts'];
  team: AccountDossier['team'];
  consents: Timed<ConsentFact>[];
  touches: Timed<ContactHistory['touches'][number]>[];
  dismissals: DismissalRow[];
  threads: Timed<ContactHistory['threads'][number]>[];
  quotes: Timed<ContactHistory['quotes'][number]>[];
  standing: Timed<StandingRow>[];
  published: SituationRow['published'] | null;
  seen: SituationRow['seen'] | null;
}

export class PostgresSituationRows extends SituationRows {
  constructor(private readonly database: DataSource) {
    super();
  }

  async versions(): Promise<Versions> {
    const rows = await prepared<{ name: string; version: string }>(this.database, VERSIONS, []);
    return Object.fromEntries(rows.map(({ name, version }) => [name, Number(version)]));
  }

  async of(
    accountIds: readonly AccountId[],
    { at, since, seenFrom }: { at: Date; since: Date; seenFrom: Date },
    within?: Transaction,
  ): Promise<SituationRow[]> {
    if (accountIds.length === 0) return [];
    const over = within ? managerOf(within) : this.database;
    const rows = await prepared<Row>(over, SITUATIONS, [accountIds, at, since, seenFrom]);
    const seen = rows.flatMap((row) => row.seen ?? []);
    return rows.map((row) => ({ ...situationRow(row), seen }));
  }
}

const date = (time: number): Date => new Date(time);
const dateOrNull = (time: number | null): Date | null => (time === null ? null : new Date(time));

function dismissalOf(row: DismissalRow): ContactHistory['dismissals'][number] {
  const { timeZone, slotFrom, slotTo, at, ...dismissal } = row;
  const slot =
    timeZone === null || slotFrom === null || slotTo === null
      ? null
      : { from: date(slotFrom), to: date(slotTo), timeZone };
  return { ...dismissal, at: date(at), slot };
}

function situationRow(row: Row): Omit<SituationRow, 'seen'> {
  const { account, contacts, team } = row;
  return {
    dossier: { account, contacts, team },
    policyEpoch: Number(row.policy_epoch),
    stateSequence: Number(row.state_sequence),
    featureSet: row.feature_set,
    state: row.state,
    consents: row.consents.map((fact) => ({
      ...fact,
      effectiveAt: date(fact.effectiveAt),
      expiresAt: dateOrNull(fact.expiresAt),
      recordedAt: date(fact.recordedAt),
    })),
    history: {
      accountId: account.accountId,
      touches: row.touches.map((touch) => ({ ...touch, at: date(touch.at) })),
      dismissals: row.dismissals.map(dismissalOf),
      threads: row.threads.map((thread) => ({
        ...thread,
        openedAt: date(thread.openedAt),
        closedAt: dateOrNull(thread.closedAt),
      })),
      quotes: row.quotes.map((quote) => ({
        ...quote,
        quotedAt: date(quote.quotedAt),
        validUntil: dateOrNull(quote.validUntil),
      })),
    },
    standing: row.standing.map((one) => ({ ...one, snoozedUntil: dateOrNull(one.snoozedUntil) })),
    published: row.published ?? [],
  };
}
