import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { err, ok } from '../../shared/index.js';
import { type ReadRow, readRows, ROW_MAX_BYTES } from './read-rows.js';

const header = (names: readonly string[]) =>
  Promise.resolve(
    names.includes('wrong')
      ? err([{ pointer: '/wrong', detail: 'no' }])
      : ok((cells: readonly string[]) =>
          Object.fromEntries(names.map((name, index) => [name, cells[index]])),
        ),
  );

/** A body that arrives in chunks of `size` bytes. */
function arriving(bytes: Buffer, size: number): Readable {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
  return Readable.from(chunks);
}

async function rowsOf(type: string, body: string | Buffer, size = 7): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(type, arriving(Buffer.from(body), size), header)) rows.push(row);
  return rows;
}

describe('rows of a file', () => {
  it('are the same however the bytes arrive, packed or not', async () => {
    const objects = [{ a: 'é—😀' }, { a: 'line\u2028separator' }, { a: '' }];
    const json = `\uFEFF${objects.map((row) => JSON.stringify(row)).join('\r\n')}`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (size, packed) => {
        const type = packed ? 'application/gzip' : 'application/x-ndjson';
        const rows = await rowsOf(type, packed ? gzipSync(json) : json, size);
        expect(rows).toEqual(objects.map((value, index) => ({ line: index + 1, value })));
      }),
      { numRuns: 60 },
    );
  });

  it('of a CSV have the line on which they end, and quoted cells may hold anything', async () => {
    const csv = 'a,b\r\n1,"x, ""y""\nz"\r\n\r\n2,é\r\n';
    expect(await rowsOf('text/csv', csv)).toEqual([
      { line: 3, value: { a: '1', b: 'x, "y"\nz' } },
      { line: 5, value: { a: '2', b: 'é' } },
    ]);
  });

  it('that are packed without saying what they are, are told by their first character', async () => {
    expect(await rowsOf('application/gzip', gzipSync('\n {"a":1}'))).toEqual([{ line: 2, value: { a: 1 } }]);
    expect(await rowsOf('application/gzip', gzipSync('a\n1'))).toEqual([{ line: 2, value: { a: '1' } }]);
  });

  it('before a broken quote are given, and what follows it is not trusted', async () => {
    expect(await rowsOf('text/csv', 'a,b\n1,2\n5\n"3"x,4\n6,7\n"8",9\n')).toEqual([
      { line: 2, value: { a: '1', b: '2' } },
      { line: 3, unreadable: 'has 1 cells, but the header has 2' },
      { line: 4, unreadable: expect.stringMatching(/is not CSV.*the rest of the file was not read/) },
    ]);
    expect(await rowsOf('text/csv', 'a,b\n1,2\n"3,4\n5,6\n')).toEqual([
      { line: 2, value: { a: '1', b: '2' } },
      { line: expect.any(Number), unreadable: expect.stringContaining('is not CSV') },
    ]);
  });

  it('are not collected without end: a line without an end stops the reading', async () => {
    const endless = `{"a":1}\n{"a":"${'x'.repeat(ROW_MAX_BYTES + 10)}`;
    expect(await rowsOf('application/x-ndjson', endless, 64 * 1024)).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, unreadable: expect.stringContaining('longer than') },
    ]);
  });

  it('that cannot be unpacked say so', async () => {
    const packed = gzipSync(JSON.stringify({ a: 'x'.repeat(500) }));
    packed.fill(0xff, 15, 25);
    expect(await rowsOf('text/csv', packed)).toEqual([
      { line: 1, unreadable: expect.stringContaining('gzip') },
    ]);
  });

  it('are none when nothing came, or only a header', async () => {
    expect(await rowsOf('application/x-ndjson', '')).toEqual([]);
    expect(await rowsOf('text/csv', 'a,b\n')).toEqual([]);
  });

  it('do not begin under a wrong header', async () => {
    await expect(rowsOf('text/csv', 'a,wrong\n1,2\n')).rejects.toMatchObject({
      problems: [{ pointer: '/wrong', detail: 'no' }],
    });
  });
});
