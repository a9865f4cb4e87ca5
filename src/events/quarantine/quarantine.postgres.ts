import type { DataSource } from 'typeorm';
import type { Json } from '../../shared/index.js';
import { Quarantine, type QuarantineId, type QuarantineQuery, type SetAside } from './quarantine.js';

interface Row {
  quarantine_id: QuarantineId;
  received_at: Date;
  format: SetAside['format'];
  source: string;
  recorded_by: string;
  from_browser: boolean;
  item: string | null;
  pointer: string;
  reason: string;
  tries: number;
}

const COLUMNS =
  'quarantine_id, received_at, format, source, recorded_by, from_browser, item, pointer, reason, tries';
/** Larger items are listed, but not kept. */
const ITEM_KEPT_BYTES = 256 * 1024;

export class PostgresQuarantine extends Quarantine {
  constructor(private readonly database: DataSource) {
    super();
  }

  async setAside(items: readonly Omit<SetAside, 'tries'>[], at: Date): Promise<void> {
    if (items.length === 0) return;
    const once = new Map(items.map((item) => [item.quarantineId, item]));
    const rows = [...once.values()]
      .sort((a, b) => (a.quarantineId < b.quarantineId ? -1 : 1))
      .map((item) => ({
        quarantine_id: item.quarantineId,
        received_at: item.receivedAt,
        format: item.format,
        source: item.source,
        recorded_by: item.recordedBy,
        from_browser: item.fromBrowser,
        item: keptText(item.item),
        pointer: item.pointer,
        reason: item.reason,
        tried_at: at,
        tries: 1,
      }));
    await this.database.query(
      `insert into event_quarantine
       select * from json_populate_recordset(null::event_quarantine, $1)
       on conflict (quarantine_id) do update set
         pointer = excluded.pointer, reason = excluded.reason, tried_at = excluded.tried_at,
         tries = event_quarantine.tries + 1`,
      [JSON.stringify(rows)],
    );
  }

  async page({ ids, after, limit }: QuarantineQuery): Promise<SetAside[]> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from event_quarantine
        where ($1::uuid[] is null or quarantine_id = any($1))
          and ($2::timestamptz is null or (received_at, quarantine_id) > ($2, $3::uuid))
        order by received_at, quarantine_id limit $4`,
      [ids ?? null, after?.receivedAt ?? null, after?.quarantineId ?? null, limit],
    );
    return rows.map((row) => ({
      quarantineId: row.quarantine_id,
      receivedAt: row.received_at,
      format: row.format,
      source: row.source,
      recordedBy: row.recorded_by,
      fromBrowser: row.from_browser,
      item: row.item === null ? null : (JSON.parse(row.item) as Json),
      pointer: row.pointer,
      reason: row.reason,
      tries: row.tries,
    }));
  }

  async remove(ids: readonly QuarantineId[]): Promise<void> {
    if (ids.length > 0)
      await this.database.query('delete from event_quarantine where quarantine_id = any($1::uuid[])', [ids]);
  }
}

/** JSON text; PostgreSQL holds it as plain text, so that whatever came can be kept. */
function keptText(item: Json | null): string | null {
  const text = JSON.stringify(item);
  return Buffer.byteLength(text) > ITEM_KEPT_BYTES ? null : text;
}
