import { describe, expect, it } from '@jest/globals';
import { rule, surroundings, touch } from '../../../test/support/contact-policy.js';
import type { Refusal } from '../rule.js';
import { compileQuietHours } from './quiet-hours.js';

const nights = rule({ kind: 'quiet-hours', from: '20:00', to: '08:00', restDays: 'country' });

interface Place {
  zone: string;
  country: string | null;
}
const BERLIN: Place = { zone: 'Europe/Berlin', country: 'DE' };
const TEHRAN: Place = { zone: 'Asia/Tehran', country: 'IR' };
const DENVER: Place = { zone: 'America/Denver', country: 'US' };

function ask({ zone, country }: Place, from: string, to = from, asked = nights): Refusal | undefined {
  const quiet = compileQuietHours(asked, surroundings({}, { timeZoneOf: () => zone, countryOf: country }));
  return quiet.refuses(touch(), { from: new Date(from), to: new Date(to) });
}

describe('quiet hours', () => {
  it("keep the contact's own evening and night, to the minute", () => {
    expect(ask(BERLIN, '2026-11-18T19:59:00+01:00')).toBeUndefined();
    expect(ask(BERLIN, '2026-11-18T20:00:00+01:00')).toEqual({
      rule: 'quiet-hours',
      ruleId: 'rule',
      because: '20:00–08:00 is quiet time for the contact (Europe/Berlin).',
      until: new Date('2026-11-19T08:00:00+01:00'),
    });
    expect(ask(BERLIN, '2026-11-19T07:59:59+01:00')?.until).toEqual(new Date('2026-11-19T08:00:00+01:00'));
    expect(ask(BERLIN, '2026-11-19T08:00:00+01:00')).toBeUndefined();
  });

  it('mean the local time: the same instant is night in one place and morning in another', () => {
    const instant = '2026-11-18T04:45:00Z';
    expect(ask(DENVER, instant)).toBeDefined();
    expect(ask(TEHRAN, instant)).toBeUndefined();
  });

  it('refuse a window that reaches into them, and take one that ends where they begin', () => {
    expect(ask(BERLIN, '2026-11-18T18:00:00+01:00', '2026-11-18T21:00:00+01:00')).toBeDefined();
    expect(ask(BERLIN, '2026-11-18T18:00:00+01:00', '2026-11-18T20:00:00+01:00')).toBeUndefined();
    expect(ask(BERLIN, '2026-11-18T08:00:00+01:00', '2026-11-18T10:00:00+01:00')).toBeUndefined();
  });

  it('rest on Saturday and Sunday, from Friday evening to Monday morning at a stretch', () => {
    expect(ask(BERLIN, '2026-11-20T21:00:00+01:00')?.until).toEqual(new Date('2026-11-23T08:00:00+01:00'));
    expect(ask(BERLIN, '2026-11-21T12:00:00+01:00')?.because).toBe(
      'Saturday (2026-11-21) is time of rest in DE.',
    );
  });

  it('rest on Friday and on Thursday afternoon in Iran, and work there on Saturday and Sunday', () => {
    expect(ask(TEHRAN, '2026-11-19T11:00:00+03:30')).toBeUndefined();
    expect(ask(TEHRAN, '2026-11-19T13:00:00+03:30')).toMatchObject({
      because: 'Thursday afternoon (2026-11-19) is time of rest in IR.',
      until: new Date('2026-11-21T08:00:00+03:30'),
    });
    expect(ask(TEHRAN, '2026-11-20T11:00:00+03:30')?.because).toContain('Friday');
    expect(ask(TEHRAN, '2026-11-21T11:00:00+03:30')).toBeUndefined();
    expect(ask(TEHRAN, '2026-11-22T11:00:00+03:30')).toBeUndefined();
  });

  it("keep the country's public holidays", () => {
    expect(ask(BERLIN, '2026-12-25T11:00:00+01:00')?.because).toContain(
      'public holiday in DE (Christmas Day)',
    );
    expect(ask(DENVER, '2026-11-26T11:00:00-07:00')?.because).toContain('public holiday in US (Thanksgiving');
    expect(ask(TEHRAN, '2026-03-23T11:00:00+03:30')?.because).toContain('public holiday in IR');
  });

  it('rest on Saturday and Sunday where the country is unknown', () => {
    expect(ask({ zone: 'UTC', country: null }, '2026-11-21T12:00:00Z')).toBeDefined();
    expect(ask({ zone: 'UTC', country: null }, '2026-12-25T12:00:00Z')).toBeUndefined();
  });

  it('follow a declared list of weekdays and dates', () => {
    const own = rule({ kind: 'quiet-hours', from: '00:00', to: '00:00', restDays: ['wed', '2026-11-20'] });
    expect(ask(BERLIN, '2026-11-18T12:00:00+01:00', undefined, own)?.until).toEqual(
      new Date('2026-11-19T00:00:00+01:00'),
    );
    expect(ask(BERLIN, '2026-11-20T12:00:00+01:00', undefined, own)).toBeDefined();
    expect(ask(BERLIN, '2026-11-21T12:00:00+01:00', undefined, own)).toBeUndefined();
  });

  it('go with the clocks when they change', () => {
    expect(ask(BERLIN, '2026-10-23T19:30:00+02:00')).toBeUndefined();
    expect(ask(BERLIN, '2026-10-26T07:30:00+01:00')?.until).toEqual(new Date('2026-10-26T08:00:00+01:00'));
    expect(ask(BERLIN, '2026-10-24T21:00:00+02:00')?.until).toEqual(new Date('2026-10-26T08:00:00+01:00'));
  });

  it('can be kept to one channel or kind of channel', () => {
    const calls = rule({
      kind: 'quiet-hours',
      channelKind: 'call',
      from: '20:00',
      to: '08:00',
      restDays: [],
    });
    const quiet = compileQuietHours(calls, surroundings());
    const night = new Date('2026-11-18T23:00:00+01:00');
    expect(quiet.refuses(touch(), { from: night, to: night })).toBeUndefined();
    expect(
      quiet.refuses(touch({ channelId: 'phone', channelKind: 'call' }), { from: night, to: night }),
    ).toBeDefined();
  });

  it('answer a rule without any open hour without an end', () => {
    const never = rule({
      kind: 'quiet-hours',
      from: '00:00',
      to: '00:00',
      restDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    });
    expect(ask(BERLIN, '2026-11-18T12:00:00+01:00', undefined, never)).toMatchObject({ until: null });
  });
});
