import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactId } from '../../src/catalogue/index.js';
import type { TouchId } from '../../src/events/index.js';
import { HOUR, SECOND } from '../../src/shared/index.js';
import { type Beginning, BeginTouch, RecordConsent } from '../../src/workflows/index.js';
import { type PlannedTouch, planTouches } from '../support/planned-touches.js';
import { startTestService, type TestService } from '../support/service.js';
import { everyFault, times } from '../support/faults.js';

const CONTACTS = 20;
/** A hundred in all; touches of one account wait for each other. */
const ROUNDS = { apart: times(70, 10), together: times(30, 5) };
/** Opt-outs begin within this time; touches within a time that is set so that about half of them come first. */
const JITTER_MILLISECONDS = 10;
const pace = { milliseconds: JITTER_MILLISECONDS };
const FASTER = 0.8;
const SLOWER = 1.25;

let service: TestService;
let begin: BeginTouch;
let consents: RecordConsent;
let authorization: string;

const put = async (path: string, body: object): Promise<void> => {
  const answer = await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
  if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
};

beforeAll(async () => {
  service = await startTestService();
  begin = service.app.get(BeginTouch, { strict: false });
  consents = service.app.get(RecordConsent, { strict: false });
  ({ authorization } = await service.key(['catalogue', 'consent']));
  await put('channels/email', {
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-in',
  });
  await put('outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  // mandatory: caps do not end the game, consent does
  await put('actions/news', {
    name: 'News',
    intent: 'content',
    purpose: 'marketing',
    productIds: [],
    topics: [],
    channelIds: ['email'],
    outcomeId: 'reply',
    value: 1,
    lever: 1,
    mandatory: true,
  });
  await put('actions/news/treatments/en', { channelId: 'email', locale: 'en', title: 'News', body: 'News.' });
  await put('accounts/many', { name: 'Many', kind: 'company', country: 'DE', mode: 'automated' });
  for (let n = 0; n < CONTACTS; n += 1) {
    await put(`contacts/one-${n}`, { accountId: 'many', name: `One ${n}`, email: `one-${n}@example.test` });
    await put(`accounts/other-${n}`, {
      name: `Other ${n}`,
      kind: 'person',
      country: 'DE',
      mode: 'automated',
    });
    await put(`contacts/other-${n}`, {
      accountId: `other-${n}`,
      name: `Other ${n}`,
      email: `other-${n}@example.test`,
    });
  }
}, 60_000);
afterAll(() => service.close());

interface OptOut {
  cancelledTouches: string[];
  inFlight: string[];
  withdrawnSuggestions: string[];
}

async function optOut(contactId: string): Promise<OptOut> {
  await delay(Math.random() * JITTER_MILLISECONDS);
  const answer = await service.http
    .post(`/api/v1/contacts/${contactId}/consents`)
    .set({ authorization })
    .send({ channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'contact' });
  expect(answer.status).toBe(201);
  return answer.body as OptOut;
}

async function touch({ accountId, touchId }: PlannedTouch): Promise<Beginning> {
  await delay(Math.random() * pace.milliseconds);
  return begin.run({ accountId: accountId as never, touchId: touchId as TouchId });
}

/** One round: everybody allows it, a touch is planned for each, and then each says no while her touch begins. */
async function round(number: number, contacts: readonly { accountId: string; contactId: string }[]) {
  service.clock.advance(SECOND);
  const granted = await consents.many(
    contacts.map(({ contactId }) => ({
      contactId: contactId as ContactId,
      channelId: 'email' as never,
      purpose: 'marketing' as const,
      status: 'granted' as const,
      source: 'contact' as const,
    })),
    'test',
  );
  expect(granted.recorded).toBe(contacts.length);
  const planned = contacts.map((one) => ({
    ...one,
    touchId: `touch-${number}-${one.contactId}`,
    suggestionId: `suggestion-${number}-${one.contactId}`,
  }));
  const at = service.clock.now();
  await planTouches(service.database, planned, {
    channelId: 'email',
    actionId: 'news',
    treatmentId: 'en',
    purpose: 'marketing',
    through: 'mail',
    slot: { from: at, to: new Date(at.getTime() + HOUR) },
    at,
  });
  service.clock.advance(SECOND);
  const [answers, beginnings] = await Promise.all([
    Promise.all(planned.map(({ contactId }) => optOut(contactId))),
    Promise.all(planned.map(touch)),
  ]);
  // what a sender would do that comes too late
  const late = await Promise.all(planned.map(touch));
  const rows = await service.database.query<{ touch_id: string; state: string }[]>(
    'select touch_id, state from touches where touch_id = any($1)',
    [planned.map(({ touchId }) => touchId)],
  );
  const states = new Map(rows.map(({ touch_id, state }) => [touch_id, state]));
  return planned.map(({ touchId, contactId }, place) => ({
    contactId,
    begun: beginnings[place]?.kind === 'begun',
    state: states.get(touchId),
    named: answers[place]?.inFlight.includes(touchId) ?? false,
    cancelled: answers[place]?.cancelledTouches.includes(touchId) ?? false,
    refused: beginnings[place]?.kind === 'cancelled',
    late: late[place]?.kind,
  }));
}

describe('opt-outs that race touches', () => {
  it.each([
    [
      'of twenty accounts',
      ROUNDS.apart,
      (n: number) => ({ accountId: `other-${n}`, contactId: `other-${n}` }),
    ],
    [
      'of twenty contacts of one account',
      ROUNDS.together,
      (n: number) => ({ accountId: 'many', contactId: `one-${n}` }),
    ],
  ])(
    'no touch begins after the answer, and each in flight was named in it: %s',
    async (_, rounds, contactOf) => {
      const contacts = Array.from({ length: CONTACTS }, (__, n) => contactOf(n));
      const seen = { inFlight: 0, stopped: 0 };
      for (let number = 0; number < rounds; number += 1) {
        const outcomes = await round(number, contacts);
        const early = outcomes.filter(({ begun }) => begun).length;
        pace.milliseconds *= early < contacts.length / 2 ? FASTER : SLOWER;
        for (const one of outcomes) {
          const { begun, state, named, cancelled, refused, late } = one;
          expect(late).toBe('gone');
          if (begun) {
            seen.inFlight += 1;
            expect({ ...one, state, named, cancelled }).toMatchObject({
              state: 'sending',
              named: true,
              cancelled: false,
            });
          } else {
            seen.stopped += 1;
            expect({ ...one, stoppedBy: cancelled || refused }).toMatchObject({
              state: 'cancelled',
              named: false,
              stoppedBy: true,
            });
          }
        }
        // what is in flight lands, so that it is not named again
        await service.database.query(`update touches set state = 'sent' where state = 'sending'`);
      }
      // both came in time often enough for the race to be one
      if (everyFault) expect(Math.min(seen.inFlight, seen.stopped)).toBeGreaterThan(rounds);
      else expect(seen.inFlight + seen.stopped).toBeGreaterThan(0);
    },
    600_000,
  );
});
