import type { Purchase } from '../src/insights/index.js';
import { readTable } from './table-file.js';

/**
 * Purchases of a CSV file that has account, item and timestamp (others are passed over). Times without an offset are UTC.
 * Throws `CommandFailed` naming the line.
 */
export async function readPurchases(path: string, drop: readonly string[] = []): Promise<Purchase[]> {
  const { rows } = await readTable(path, { required: ['account', 'item', 'timestamp'], drop });
  return rows.map((row) => ({
    account: row.required('account'),
    item: row.required('item'),
    at: row.time('timestamp'),
  }));
}
