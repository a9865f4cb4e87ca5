import type { DataSource } from 'typeorm';
import { prepared } from '../database/index.js';
import type { DoublesEvidence } from '../insights/index.js';
import { DoublesEvidenceLog, type DoublesSaying, type EvidenceAsked } from './doubles-evidence.js';

interface Row {
  place: number;
  item: DoublesEvidence;
  events: { eventId: string; name: string; at: string }[] | null;
}

/** A channel of its own goes before what holds for all. */
const SAYINGS = {
  name: 'doubles-sayings',
  text: `
  with asked as materialized (select $1::text[] as accounts, $2::text[] as products, $3::text[] as channels)
  select q.place::int as place, e.item, p.events
    from asked
    cross join unnest(asked.accounts, asked.products, asked.channels)
      with ordinality as q(account_id, product_id, channel_id, place)
    join account_doubles d on d.account_id = q.account_id
    cross join lateral (
      select item from jsonb_array_elements(d.evidence) item
       where item->>'productId' = q.product_id and coalesce(item->>'channelId', q.channel_id) = q.channel_id
       order by item->>'channelId' nulls last limit 1) e
    cross join lateral (
      select jsonb_agg(jsonb_build_object('eventId', v.event_id, 'name', v.name, 'at', v.occurred_at)
                       order by v.occurred_at desc) as events
        from jsonb_to_recordset(e.item->'refs') as r("accountId" text, "eventId" text, at timestamptz)
        join events v on v.account_id = r."accountId" and v.occurred_at = r.at and v.event_id = r."eventId"::uuid) p`,
};

export class PostgresDoublesEvidence extends DoublesEvidenceLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  async of(asked: readonly EvidenceAsked[]): Promise<(DoublesSaying | null)[]> {
    if (asked.length === 0) return [];
    const rows = await prepared<Row>(this.database, SAYINGS, [
      asked.map(({ accountId }) => accountId),
      asked.map(({ productId }) => productId),
      asked.map(({ channelId }) => channelId),
    ]);
    const found: (DoublesSaying | null)[] = asked.map(() => null);
    for (const { place, item, events } of rows) {
      const { channelId, of, bought, weight, refs } = item;
      if (!events || events.length < refs.length) continue;
      const shown = events.map((event) => ({ ...event, at: new Date(event.at) }));
      found[place - 1] = { channelId, of, bought, weight, events: shown };
    }
    return found;
  }
}
