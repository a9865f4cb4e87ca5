/** What a row is written against: nothing, or the earlier row of this number, counted from 1. */
const NOTHING = 0;
const MOST_NAMED = 255;

/** Where rows are written before they are copied at their length: memory of the most that they could take costs more. */
let room = new DataView(new ArrayBuffer(16 * 1024));

/**
 * Rows of float32 in few bytes. Each row is written where it differs from nothing (from NaN), or from the earlier row that
 * is most like it where that is shorter: a byte that says which, a bitmap of the places, then the values.
 */
export function encodeRows(rows: readonly Float32Array[]): Buffer {
  const width = rows[0]?.length ?? 0;
  const unknown = new Float32Array(width).fill(NaN);
  const bitmapBytes = Math.ceil(width / 8);
  const most = rows.length * (1 + bitmapBytes + width * 4);
  if (most > room.byteLength) room = new DataView(new ArrayBuffer(2 * most));
  const bytes = room;
  let end = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] as Float32Array;
    const against = likest(row, rows, Math.min(index, MOST_NAMED), unknown);
    const base = against === NOTHING ? unknown : (rows[against - 1] as Float32Array);
    bytes.setUint8(end, against);
    let bitmap = end + 1;
    end = bitmap + bitmapBytes;
    let bits = 0;
    for (let place = 0; place < width; place += 1) {
      const value = row[place] as number;
      if (!same(value, base[place] as number)) {
        bits |= 1 << (place & 7);
        bytes.setFloat32(end, value, true);
        end += 4;
      }
      if ((place & 7) === 7 || place === width - 1) {
        bytes.setUint8(bitmap++, bits);
        bits = 0;
      }
    }
  }
  return Buffer.from(new Uint8Array(bytes.buffer, 0, end));
}

/** What `encodeRows` was given. Throws on bytes that are too short. */
export function decodeRows(bytes: Buffer, count: number, width: number): Float32Array[] {
  const rows: Float32Array[] = [];
  const bitmapBytes = Math.ceil(width / 8);
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    const against = bytes.readUInt8(end);
    const base = rows[against - 1];
    const row = base ? Float32Array.from(base) : new Float32Array(width).fill(NaN);
    const bitmap = end + 1;
    end = bitmap + bitmapBytes;
    for (let place = 0; place < width; place += 1) {
      if (((bytes[bitmap + (place >> 3)] as number) & (1 << (place & 7))) === 0) continue;
      row[place] = bytes.readFloatLE(end);
      end += 4;
    }
    rows.push(row);
  }
  return rows;
}

/** The number of the row among the first `earlier` from which it differs least; `NOTHING` where none is nearer. */
function likest(
  row: Float32Array,
  rows: readonly Float32Array[],
  earlier: number,
  unknown: Float32Array,
): number {
  let found = NOTHING;
  let least = differences(row, unknown, row.length);
  for (let index = 0; index < earlier && least > 0; index += 1) {
    const count = differences(row, rows[index] as Float32Array, least);
    if (count >= least) continue;
    found = index + 1;
    least = count;
  }
  return found;
}

/** Counts no further than `most`: what differs more is as good as any. */
function differences(one: Float32Array, other: Float32Array, most: number): number {
  let count = 0;
  for (let place = 0; place < one.length && count < most; place += 1) {
    if (!same(one[place] as number, other[place] as number)) count += 1;
  }
  return count;
}

/** Unknown equals unknown. */
function same(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}
