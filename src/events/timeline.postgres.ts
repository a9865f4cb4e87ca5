import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import type { EventProperties } from './event.js';
import { Timeline, type TimelineItem } from './timeline.js';
import { touchEvents } from './touches/touch.js';

interface Row {
  at: Date;
  id: string;
  name: string;
  state: string | null;
  channel_id: string | null;
  member_id: string | null;
  contact_id: string | null;
  properties: EventProperties;
}

/** Events, and those touches that no event tells of: planned, being sent, failed. */
const PAGE = `
  select occurred_at as at, event_id::text as id, name, null as state, properties->>'channel' as channel_id,
         member_id, contact_id, properties
    from events
   where account_id = $1 and ($2::timestamptz is null or (occurred_at, event_id::text) < ($2, $3))
  union all
  select at, touch_id, coalesce(action_id, channel_id), state, channel_id, member_id, contact_id,
         jsonb_build_object('topics', topics)
    from touches t
   where account_id = $1 and ($2::timestamptz is null or (at, touch_id) < ($2, $3))
     and not exists (
       select from events e
        where e.account_id = t.account_id and coalesce(e.properties->>'touchId', e.event_id::text) = t.touch_id)
   order by at desc, id desc limit $4`;

export class PostgresTimeline extends Timeline {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(
    accountId: AccountId,
    query: { before?: { at: Date; eventId: string }; limit: number },
  ): Promise<TimelineItem[]> {
    const { before, limit } = query;
    const rows = await this.database.query<Row[]>(PAGE, [
      accountId,
      before?.at ?? null,
      before?.eventId ?? '',
      limit,
    ]);
    return rows.map(show);
  }
}

function show(row: Row): TimelineItem {
  const { properties } = row;
  const isTouch = row.state !== null || row.name in touchEvents;
  const about = typeof properties['title'] === 'string' ? `: ${properties['title']}` : '';
  return {
    at: row.at,
    kind: isTouch ? 'touch' : 'event',
    title: row.state === null ? `${row.name}${about}` : `${row.name} (${row.state})`,
    channelId: row.channel_id as TimelineItem['channelId'],
    memberId: row.member_id as TimelineItem['memberId'],
    contactId: row.contact_id as TimelineItem['contactId'],
    topics: properties.topics ?? (properties.topic === undefined ? [] : [properties.topic]),
    sentiment: properties.sentiment ?? null,
    conversationId: properties.conversationId ?? null,
    eventId: row.id,
  };
}
