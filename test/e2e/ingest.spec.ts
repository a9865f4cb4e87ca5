import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let ingest: string;
let read: string;

beforeAll(async () => {
  service = await startTestService();
  ingest = (await service.key(['ingest'], { source: 'crm' })).authorization;
  read = (await service.key(['read'])).authorization;
}, 60_000);

afterAll(() => service.close());

const at = (minutes: number): string =>
  new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();

function send(events: unknown, authorization = ingest) {
  return service.http.post('/api/v1/events').set('authorization', authorization).send({ events });
}

describe('POST /api/v1/events', () => {
  it('takes events in, and counts a resend as duplicates', async () => {
    const events = [
      {
        messageId: 'm1',
        name: 'Content Viewed',
        contactId: 'ana',
        occurredAt: at(-5),
        properties: { topic: 'dosage' },
      },
      { messageId: 'm2', name: 'Question Asked', contactId: 'ana', accountId: 'clinic', occurredAt: at(-4) },
    ];
    const first = await send(events);
    expect(first.body).toEqual({ accepted: 2, duplicates: 0, quarantined: [] });
    expect(first.status).toBe(200);
    const again = await send([...events, { ...events[0], messageId: 'm3' }]);
    expect(again.body).toEqual({ accepted: 1, duplicates: 2, quarantined: [] });
    const timeline = await service.http.get('/api/v1/accounts/clinic/timeline').set('authorization', read);
    expect(timeline.status).toBe(200);
    expect(
      timeline.body.items.map((item: { title: string; contactId: string }) => [item.title, item.contactId]),
    ).toEqual([
      ['Question Asked', 'ana'],
      ['Content Viewed', 'ana'],
      ['Content Viewed', 'ana'],
    ]);
  });
});
