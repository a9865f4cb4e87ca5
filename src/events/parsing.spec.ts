import { describe, expect, it } from '@jest/globals';
import type { Json } from '../shared/index.js';
import { mendProperties } from './named-properties.js';
import { parseTime } from './parsing.js';
import { unwrapBatch } from './segment/unwrap-batch.js';
import { writeKeysOf } from './segment/write-key.js';

describe('a time', () => {
  it.each([
    ['2026-11-22T09:30:00+01:00', '2026-11-22T08:30:00.000Z'],
    ['2026-11-22T09:30:00.123456Z', '2026-11-22T09:30:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-11-22T09:30Z', '2026-11-22T09:30:00.000Z'],
  ])('is read: %s', (text, time) => {
    expect(parseTime(text)).toBe(Date.parse(time));
  });

  it.each([
    ['2026-02-29T00:00:00Z'],
    ['2026-04-31T00:00:00Z'],
    ['2026-11-22T24:30:00Z'],
    ['2026-11-22T09:30:00'],
    ['22.11.2026'],
    [''],
    [5],
    [null],
  ])('is not read: %s', (value) => {
    expect(parseTime(value)).toBeNull();
  });

  it('without offset counts as UTC for senders who leave it out', () => {
    expect(parseTime('2026-11-22T09:30:00', true)).toBe(Date.parse('2026-11-22T09:30:00Z'));
    expect(parseTime('2026-11-22', true)).toBe(Date.parse('2026-11-22T00:00:00Z'));
  });
});

describe('properties of senders who do not know our names', () => {
  it('are converted where they can be, and kept out of the way where not', () => {
    const raw = {
      value: '12.5',
      productId: 7,
      topics: 'price',
      role: ['a', 'b'],
      sentiment: 9,
      stage: null,
      other: { a: 1 },
    };
    expect(mendProperties(raw)).toEqual({
      value: 12.5,
      productId: '7',
      topics: ['price'],
      other: { a: 1 },
      unfit: { role: ['a', 'b'], sentiment: 9 },
    });
  });
});

describe('a batch', () => {
  it('is taken apart into calls that are complete in themselves, without the key', () => {
    const batch: Json[] = [{ type: 'track', context: { b: 2 } }, 'odd', { type: 'page', sentAt: 'then' }];
    const body = {
      writeKey: 'secret',
      sentAt: 'now',
      context: { a: 1, b: 1 },
      batch,
    };
    expect(unwrapBatch(body, 'batch')).toEqual([
      { type: 'track', context: { a: 1, b: 2 }, sentAt: 'now' },
      'odd',
      { type: 'page', context: { a: 1, b: 1 }, sentAt: 'then' },
    ]);
    expect(unwrapBatch({ writeKey: 'secret', event: 'x' }, 'track')).toEqual([{ type: 'track', event: 'x' }]);
    expect(unwrapBatch({ writeKey: 'secret', batch: 'none' }, 'batch')).toEqual([{ batch: 'none' }]);
  });
});

describe('the write key', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    [basic('key:'), {}, {}, ['key']],
    [basic('key'), {}, {}, ['key']],
    [basic('key:""'), {}, {}, ['key']],
    ['bearer key', {}, {}, ['key']],
    [undefined, { writeKey: 'body' }, { writeKey: 'query' }, ['body', 'query']],
    [basic('key:'), { writeKey: 'key' }, {}, ['key']],
    ['Digest x', [], null, []],
  ])('is found in %s, %j, %j', (header, body, query, keys) => {
    expect(writeKeysOf(header, body, query)).toEqual(keys);
  });
});
