import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { enquiryEvents } from '../contact-policy/index.js';
import { touchEvents } from '../events/index.js';
import {
  type TimelineKind,
  timelineKinds,
  type TimelineQuery,
  type TimelineRow,
  TimelineRows,
} from './timeline-rows.js';

const names = (list: Iterable<string>) => [...list].map((name) => `'${name}'`).join(', ');
const TOUCHES = names(Object.keys(touchEvents));
const ENQUIRIES = names(enquiryEvents);

/** Topics of an event, whichever way it names them. */
const TOPICS = `case when jsonb_typeof(properties->'topics') = 'array'
                     then array(select jsonb_array_elements_text(properties->'topics'))
                     when properties ? 'topic' then array[properties->>'topic'] else '{}' end`;

interface Part {
  /** Kinds that come from it. */
  kinds: readonly TimelineKind[];
  /** What is hidden goes without its content, instead of as a whole. */
  redacted?: boolean;
  /**
   * Of one account ($1): at, kind, key, record_id, name, subject, state, text, channel_id, member_id, contact_id,
   * action_id, product_id, topics, sentiment, conversation_id, enquiry, closing.
   */
  select: string;
}

const eventPart = (kind: 'event' | 'touch', condition: string): Part => ({
  kinds: [kind],
  redacted: kind === 'touch',
  select: `
    select occurred_at as at, '${kind}' as kind, event_id::text as key, event_id::text as record_id, name,
           coalesce(properties->>'title', properties->>'form') as subject, null as state,
           coalesce(properties->>'text', properties->>'note', properties->>'what') as text,
           properties->>'channel' as channel_id, member_id, contact_id, properties->>'actionId' as action_id,
           properties->>'productId' as product_id, ${TOPICS} as topics,
           case when jsonb_typeof(properties->'sentiment') = 'number' then (properties->>'sentiment')::float8 end as sentiment,
           properties->>'conversationId' as conversation_id, name in (${ENQUIRIES}) as enquiry,
           null::jsonb as closing
      from events where account_id = $1 and ${condition}`,
});

const parts: readonly Part[] = [
  eventPart('event', `name not in (${TOUCHES})`),
  eventPart('touch', `name in (${TOUCHES})`),
  {
    // those that no event tells of: planned, being sent, failed
    kinds: ['touch'],
    redacted: true,
    select: `
      select at, 'touch', touch_id, touch_id, 'Touch', null, state, null, channel_id, member_id, contact_id, action_id,
             product_ids[1], topics, null::float8, null, false, null::jsonb
        from touches
       where account_id = $1 and touch_id not in (
         select coalesce(properties->>'touchId', event_id::text) from events
          where account_id = $1 and name in (${TOUCHES}))`,
  },
  {
    kinds: ['consent'],
    select: `
      select recorded_at, 'consent', consent_id, consent_id, status, purpose, source, wording, channel_id,
             case when source = 'member' then recorded_by end, contact_id, null, product_id,
             case when topic is null then '{}' else array[topic] end, null::float8, null, false,
             null::jsonb
        from consent_facts where account_id = $1`,
  },
  {
    kinds: ['suggestion'],
    select: `
      select created_at, 'suggestion', suggestion_id, suggestion_id, 'suggestion', action_name, state, because,
             channel_id, member_id, contact_id, action_id, product_id, topics, null::float8, null, false, closing
        from suggestions where account_id = $1`,
  },
  {
    kinds: ['response'],
    select: `
      select r.responded_at, 'response', r.response_id, r.suggestion_id, r.kind, s.action_name,
             case when r.undone_at is null then r.reason else 'undone' end, r.note, r.channel_id, r.member_id,
             r.contact_id, r.action_id, r.product_id, coalesce(s.topics, '{}'), null::float8, null, false,
             null::jsonb
        from responses r left join suggestions s using (account_id, suggestion_id)
       where r.account_id = $1`,
  },
  {
    kinds: ['outcome'],
    select: `
      select occurred_at, 'outcome', outcome_ref, outcome_ref, outcome_id, null, null, value::text, null, null,
             contact_id, null, null, '{}'::text[], null::float8, null, false, null::jsonb
        from outcomes where account_id = $1`,
  },
  {
    kinds: ['task'],
    redacted: true,
    select: `
      select created_at, 'task', task_id, task_id, kind, about, state, about, null, coalesce(member_id, created_by),
             contact_id, null, null, topics, null::float8, conversation_id, true, null::jsonb
        from tasks where account_id = $1`,
  },
  {
    kinds: ['task'],
    redacted: true,
    select: `
      select ended_at, 'task', task_id || ' ended', task_id, 'ended', about, state, note, null,
             coalesce(member_id, ended_by), contact_id, null, null, topics, null::float8, conversation_id, true, null::jsonb
        from tasks where account_id = $1 and ended_at is not null`,
  },
  {
    // one line for what several members were told
    kinds: ['alert'],
    select: `
      select raised_at, 'alert', alert_id, alert_id, rule_id, title, state, message, null, member_id, contact_id, null,
             null, topics, null::float8, null, enquiry, null::jsonb
        from alerts a where account_id = $1 and not exists (
          select from alerts other where other.account_id = a.account_id and other.firing_id = a.firing_id
             and other.alert_id < a.alert_id)`,
  },
];

const NAMED = `(at, kind, key, record_id, name, subject, state, text, channel_id, member_id, contact_id, action_id,
                product_id, topics, sentiment, conversation_id, enquiry, closing)`;

export class PostgresTimelineRows extends TimelineRows {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(accountId: AccountId, query: TimelineQuery): Promise<TimelineRow[]> {
    const values: unknown[] = [accountId];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const conditions = conditionsOf(query, place);
    const { topics, enquiries } = query.hidden;
    const shown = `not (topics && ${place(topics)}::text[]) and not (enquiry and topics && ${place(enquiries)}::text[])`;
    const limit = place(query.limit + 1);
    const wanted = query.kinds ?? timelineKinds;
    const order = `order by at desc, kind desc, key desc limit ${limit}`;
    const branches = parts
      .filter(({ kinds }) => kinds.some((kind) => wanted.includes(kind)))
      .map(({ select, redacted }) => {
        // named in every branch, since a parameter that no statement reads has no type
        const where = [...conditions, redacted ? `(${shown} or true)` : shown];
        return `(select * from (${select}) as part ${NAMED} where ${where.join(' and ')} ${order})`;
      });
    if (branches.length === 0) return [];
    return this.database.query<TimelineRow[]>(
      `select at, kind, key, record_id as "recordId", name, subject, state, text, channel_id as "channelId",
              member_id as "memberId", contact_id as "contactId", action_id as "actionId", product_id as "productId",
              topics, sentiment, conversation_id as "conversationId", closing
         from (${branches.join(' union all ')}) as lines
        ${order}`,
      values,
    );
  }
}

function conditionsOf(
  { before, contactId, from, to }: TimelineQuery,
  place: (value: unknown) => string,
): string[] {
  const conditions = ['true'];
  if (before) {
    const at = place(before.at);
    conditions.push(`at <= ${at}`, `(at, kind, key) < (${at}, ${place(before.kind)}, ${place(before.key)})`);
  }
  if (contactId !== undefined) conditions.push(`contact_id = ${place(contactId)}`);
  if (from) conditions.push(`at >= ${place(from)}`);
  if (to) conditions.push(`at < ${place(to)}`);
  return conditions;
}
