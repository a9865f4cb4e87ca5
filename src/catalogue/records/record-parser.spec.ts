import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogueKinds, RecordParser } from './record-parser.js';

const parser = new RecordParser({ currency: 'CHF' });

describe('records', () => {
  it('get the defaults that a person would expect', () => {
    expect(parser.parse('products', { productId: 'p', name: 'Pump', price: 9, margin: 3 })).toEqual({
      ok: true,
      value: {
        productId: 'p',
        name: 'Pump',
        price: 9,
        margin: 3,
        currency: 'CHF',
        topics: [],
        available: true,
      },
    });
    expect(
      parser.parse('actions', {
        actionId: 'a',
        name: 'A',
        intent: 'offer',
        purpose: 'sales',
        channelIds: ['email'],
        outcomeId: 'o',
      }),
    ).toMatchObject({ ok: true, value: { lever: 1, mandatory: false, validFrom: null, productIds: [] } });
  });

  it('name all that is wrong at once, each with a pointer', () => {
    const result = parser.parse('channels', {
      channelId: '',
      name: 'Visit',
      kind: 'visit',
      performedBy: 'robot',
      hours: { mon: [['9', '17:00']], someday: [] },
      capacityPerDay: 1.5,
      colour: 'red',
    });
    expect(result.ok || result.error.map(({ pointer }) => pointer)).toEqual([
      '/channelId',
      '/performedBy',
      '/hours/mon/0',
      '/hours/someday',
      '/consent',
      '/capacityPerDay',
      '/colour',
    ]);
  });

  it('say how to mend a missing field', () => {
    const result = parser.parse('accounts', { accountId: 'a' });
    expect(result).toEqual({
      ok: false,
      error: [{ pointer: '/kind', detail: 'is missing: must be one of person, company' }],
    });
  });

  it('escape names in pointers', () => {
    const result = parser.parse('accounts', { accountId: 'a', kind: 'person', attributes: { 'a/b~c': [] } });
    expect(result).toMatchObject({ ok: false, error: [{ pointer: '/attributes/a~1b~0c' }] });
  });

  it('never throw, whatever comes, and never let through what a database cannot keep', () => {
    fc.assert(
      fc.property(fc.constantFrom(...catalogueKinds), fc.jsonValue(), (kind, value) => {
        const result = parser.parse(kind, value);
        expect(result.ok ? JSON.stringify(result.value) : '').not.toContain('\\u0000');
      }),
    );
    const broken = { accountId: 'a', kind: 'person', attributes: { a: 'x\u0000' } };
    expect(parser.parse('accounts', broken).ok).toBe(false);
    expect(parser.parse('accounts', { ...broken, attributes: { a: '\uD800' } }).ok).toBe(false);
  });
});

describe('the header of a CSV', () => {
  it('turns cells into a record, empty ones into absent members', () => {
    const header = parser.header(
      'accounts',
      ['accountId', 'kind', 'location.lat', 'location.lon', 'attributes.a.b'],
      {
        account: { 'a.b': { type: 'number' } },
        contact: {},
      },
    );
    expect(header.ok && header.value(['x', 'person', '1.5', '-2', '07'])).toEqual({
      accountId: 'x',
      kind: 'person',
      location: { lat: 1.5, lon: -2 },
      attributes: { 'a.b': 7 },
    });
    expect(header.ok && header.value(['x', 'person', '', '', ''])).toEqual({
      accountId: 'x',
      kind: 'person',
    });
  });

  it.each([
    ['an unknown column', ['accountId', 'kind', 'colour'], '"colour" is not a column here'],
    ['a column twice', ['accountId', 'kind', 'name', 'name'], 'is there twice'],
    ['a column of an object itself', ['accountId', 'kind', 'location'], '"location" is not a column here'],
    ['a missing column', ['accountId'], 'the column "kind" is missing'],
    ['a column that every object has', ['accountId', 'kind', 'constructor'], 'is not a column here'],
  ])('refuses %s', (_, names, said) => {
    const result = parser.header('accounts', names);
    expect(result).toMatchObject({ ok: false, error: [{ detail: expect.stringContaining(said) }] });
  });

  it('lists its columns', () => {
    expect(parser.columns('team-members')).toEqual([
      'memberId',
      'name',
      'role',
      'email',
      'timeZone',
      'locale',
      'deputyId',
      'capacity.*',
    ]);
  });
});
