import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, HOUR } from '../../src/shared/index.js';
import { FindHours } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/** Clinics of one segment whose doctors read in the afternoon, of another whose doctors read in the morning. */
const EACH = 12;
const READS = 8;

let service: TestService;
let territory: Territory;

async function open(accountId: string, segment: string): Promise<void> {
  await territory.put(`accounts/${accountId}`, {
    name: accountId,
    kind: 'company',
    segment,
    country: 'DE',
    timeZone: 'Europe/Berlin',
    locale: 'en',
  });
  await territory.put(`contacts/${accountId}-c`, { accountId, name: 'Doctor' });
}

/** On working days of past weeks, at one hour of the local day. Monday is the day of the test; Berlin is an hour ahead. */
function reads(accountId: string, localHour: number, times: number): object[] {
  const midnight = new Date('2026-03-01T23:00:00Z').getTime();
  return Array.from({ length: times }, (_, read) => ({
    messageId: `${accountId}-${read}`,
    name: 'Content Viewed',
    accountId,
    contactId: `${accountId}-c`,
    occurredAt: addDays(new Date(midnight + localHour * HOUR), -7 * (1 + read) + (read % 5)).toISOString(),
    properties: { topic: 'efficacy' },
  }));
}

const slotHour = async (accountId: string): Promise<string | undefined> => {
  const { suggestions } = await territory.recommend({ accountId, limit: 5, fresh: true });
  const visit = suggestions.find(({ channelId }) => channelId === 'visit');
  return (
    visit && new Date(visit.slot.from).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' }).slice(0, 2)
  );
};

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  const places = Array.from({ length: EACH }, (_, place) => place);
  await Promise.all([
    ...places.map((place) => open(`late-${place}`, 'late')),
    ...places.map((place) => open(`early-${place}`, 'early')),
    open('late-new', 'late'),
    open('early-new', 'early'),
    open('late-own', 'late'),
  ]);
  const events = [
    ...places.flatMap((place) => [
      ...reads(`late-${place}`, 17, READS),
      ...reads(`early-${place}`, 9, READS),
    ]),
    ...reads('late-own', 9, 200),
  ];
  const answer = await service.http
    .post('/api/v1/events')
    .set({ authorization: territory.authorization })
    .send({ events });
  if (answer.body.accepted !== events.length) throw new Error(JSON.stringify(answer.body));
  await service.app.get(FindHours, { strict: false }).run(service.clock.now());
});
afterAll(() => service.close());

describe('the slot of a contact', () => {
  it('is in the hours that are usual in its segment, where nothing is known of itself', async () => {
    expect(await slotHour('late-new')).toBe('16');
    expect(await slotHour('early-new')).toBe('10'); // the morning is under way
  });

  it('is in hours of its own where enough is known of it, whatever is usual', async () => {
    expect(await slotHour('late-own')).toBe('10');
  });
});
