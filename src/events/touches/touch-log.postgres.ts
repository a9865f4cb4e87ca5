import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Touch, TouchId, TouchState } from './touch.js';
import { TouchLog } from './touch-log.js';
import { readTouch, touchColumns, type TouchRow, touchRow } from './touch-rows.js';

const COLUMNS = touchColumns.join(', ');

export class PostgresTouchLog extends TouchLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  private over(within: Transaction | undefined) {
    return within ? managerOf(within) : this.database;
  }

  async since(
    accountIds: readonly AccountId[],
    from: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, Touch[]>> {
    const rows = await this.over(within).query<TouchRow[]>(
      `select ${COLUMNS} from touches where account_id = any($1) and at >= $2 order by at, touch_id`,
      [accountIds, from],
    );
    const found = new Map<AccountId, Touch[]>();
    for (const touch of rows.map(readTouch)) {
      const list = found.get(touch.accountId);
      if (list) list.push(touch);
      else found.set(touch.accountId, [touch]);
    }
    return found;
  }

  async put(touches: readonly Touch[], within: Transaction): Promise<void> {
    if (touches.length === 0) return;
    const once = new Map(touches.map((touch) => [JSON.stringify([touch.accountId, touch.touchId]), touch]));
    const rows = [...once.values()].map(touchRow);
    await managerOf(within).query(
      `insert into touches (${COLUMNS})
       select ${COLUMNS} from json_populate_recordset(null::touches, $1)
       on conflict (account_id, touch_id) do update set state = excluded.state where excluded.state = 'sent'`,
      [JSON.stringify(rows)],
    );
  }

  async change(
    accountId: AccountId,
    touchIds: readonly TouchId[],
    from: readonly TouchState[],
    to: TouchState,
    within: Transaction,
  ): Promise<TouchId[]> {
    const [rows] = await managerOf(within).query<[{ touch_id: TouchId }[], number]>(
      `update touches set state = $4 where account_id = $1 and touch_id = any($2) and state = any($3) returning touch_id`,
      [accountId, touchIds, from, to],
    );
    return rows.map((row) => row.touch_id);
  }

  async underWay(accountIds: readonly AccountId[], within?: Transaction): Promise<Touch[]> {
    const rows = await this.over(within).query<TouchRow[]>(
      `select ${COLUMNS} from touches
        where account_id = any($1) and state in ('planned', 'sending') order by account_id, at, touch_id`,
      [accountIds],
    );
    return rows.map(readTouch);
  }

  async find(touchId: TouchId): Promise<Touch | null> {
    const [row] = await this.database.query<TouchRow[]>(
      `select ${COLUMNS} from touches where touch_id = $1`,
      [touchId],
    );
    return row ? readTouch(row) : null;
  }
}
