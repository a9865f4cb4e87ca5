import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readPurchases } from './purchases-file.js';
import { timeOf } from './table-file.js';

const folder = mkdtempSync(join(tmpdir(), 'purchases-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(folder, 'purchases.csv');
  writeFileSync(path, content);
  return path;
}

const expected = [{ account: 'a', item: 'tea', at: new Date('2026-01-02T03:04:05Z') }];

describe('a file of purchases', () => {
  it.each([
    ['commas', 'account,item,timestamp\na,tea,2026-01-02T03:04:05Z\n'],
    [
      'semicolons, other columns between and a byte order mark',
      '\ufeffitem;price;account;timestamp\ntea;1,5;a;2026-01-02 03:04:05\n',
    ],
    ['gzip', gzipSync('account,item,timestamp\r\na,tea,1767323045\r\n')],
  ])('is read with %s', async (_name, content) => {
    expect(await readPurchases(file(content))).toEqual(expected);
  });

  it('is refused with the line that is wrong', async () => {
    const path = file('account,item,timestamp\na,tea,2026-01-02\na,tea,someday\n');
    await expect(readPurchases(path)).rejects.toThrow(/line 3: "timestamp" must be a time/);
    await expect(readPurchases(file('account,item,timestamp\n,tea,2026-01-02\n'))).rejects.toThrow(
      /line 2: "account" is empty/,
    );
  });

  it('is refused when columns are missing, naming them', async () => {
    await expect(readPurchases(file('customer,item,timestamp\n'))).rejects.toThrow(/lacks account/);
    await expect(readPurchases(join(folder, 'nowhere.csv'))).rejects.toThrow(/cannot be read/);
  });
});

describe('a time', () => {
  it('may be ISO 8601 with or without offset, a day, or Unix seconds', () => {
    expect(timeOf('2026-01-02')?.toISOString()).toBe('2026-01-02T00:00:00.000Z');
    expect(timeOf('2026-01-02T03:04')?.toISOString()).toBe('2026-01-02T03:04:00.000Z');
    expect(timeOf('2026-01-02T03:04:05+01:00')?.toISOString()).toBe('2026-01-02T02:04:05.000Z');
    expect(timeOf('1767323045.5')?.toISOString()).toBe('2026-01-02T03:04:05.500Z');
  });

  it.each(['', 'someday', '2026-13-01', '02/01/2026'])('is not %j', (text) => {
    expect(timeOf(text)).toBeNull();
  });
});
