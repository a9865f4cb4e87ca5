/**
 * Rows of float32 in few bytes. The first row is written where it is known (not NaN), every further row where it
 * differs from the first: a bitmap of the places, then the values.
 */
export function encodeRows(rows: readonly Float32Array[]): Buffer {
  const width = rows[0]?.length ?? 0;
  const bitmapBytes = Math.ceil(width / 8);
  const bytes = Buffer.alloc(rows.length * (bitmapBytes + width * 4));
  let end = 0;
  rows.forEach((row, index) => {
    const base = index === 0 ? undefined : rows[0];
    const bitmap = end;
    end += bitmapBytes;
    for (let place = 0; place < width; place += 1) {
      const value = row[place] ?? NaN;
      if (same(value, base?.[place] ?? NaN)) continue;
      bytes[bitmap + (place >> 3)] = (bytes[bitmap + (place >> 3)] ?? 0) | (1 << (place & 7));
      end = bytes.writeFloatLE(value, end);
    }
  });
  return bytes.subarray(0, end);
}

/** What `encodeRows` was given. Throws on bytes that are too short. */
export function decodeRows(bytes: Buffer, count: number, width: number): Float32Array[] {
  const rows: Float32Array[] = [];
  const bitmapBytes = Math.ceil(width / 8);
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    const row = index === 0 ? new Float32Array(width).fill(NaN) : Float32Array.from(rows[0] ?? []);
    const bitmap = end;
    end += bitmapBytes;
    for (let place = 0; place < width; place += 1) {
      if (((bytes[bitmap + (place >> 3)] ?? 0) & (1 << (place & 7))) === 0) continue;
      row[place] = bytes.readFloatLE(end);
      end += 4;
    }
    rows.push(row);
  }
  return rows;
}

/** Unknown equals unknown. */
function same(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}
