import { invalidFields } from './problem.js';

/** Lists answer { items, nextCursor }; the cursor is opaque to callers. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 500;

/** A page from up to `limit + 1` rows: the one too many only tells that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => unknown,
  show: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(show),
    nextCursor: more ? Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') : null,
  };
}

export function readCursor(cursor: string | undefined): unknown {
  if (cursor === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidFields([
      { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
    ]);
  }
}
