import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestService, type TestService } from '../support/service.js';
import { type AnsweredSuggestion, startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
});
afterAll(() => service.close());

const open = async (): Promise<AnsweredSuggestion[]> => {
  const { body } = await service.http
    .get('/api/v1/suggestions?state=open')
    .set({ authorization: territory.authorization })
    .expect(200);
  return body.items;
};
const asked = async (fresh: boolean): Promise<AnsweredSuggestion[]> =>
  (await territory.recommend({ limit: 10, fresh })).suggestions;
const consent = async (status: 'granted' | 'withdrawn', channelId: string): Promise<void> => {
  await service.http
    .post('/api/v1/contacts/jones/consents')
    .set({ authorization: territory.authorization })
    .send({ purpose: '*', source: 'contact', channelId, status })
    .expect(201);
};

const channels = ['email', 'visit', 'liaison-call'] as const;
type Channel = (typeof channels)[number];
type Step =
  { kind: 'show' } | { kind: 'ask'; fresh: boolean } | { kind: 'say'; no: boolean; channelId: Channel };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ kind: 'show' }),
  fc.record({ kind: fc.constant('ask' as const), fresh: fc.boolean() }),
  fc.record({
    kind: fc.constant('say' as const),
    no: fc.boolean(),
    channelId: fc.constantFrom(...channels),
  }),
);

describe('what is shown', () => {
  it('never names a channel that was refused before it was asked for, in any order and any company', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        async (rounds) => {
          const refused = new Set<string>(['email']);
          await Promise.all(
            channels.map((channelId) => consent(channelId === 'email' ? 'withdrawn' : 'granted', channelId)),
          );
          for (const together of rounds) {
            service.clock.advance(1000);
            // what is said in the same round may come before or after: only what was answered before it counts
            const before = new Set(refused);
            const changed = new Map<string, boolean>();
            const shown = await Promise.all(
              together.map(async (one) => {
                if (one.kind === 'show') return open();
                if (one.kind === 'ask') return asked(one.fresh);
                if (changed.has(one.channelId)) return [];
                changed.set(one.channelId, one.no);
                await consent(one.no ? 'withdrawn' : 'granted', one.channelId);
                return [];
              }),
            );
            for (const { channelId } of shown.flat())
              if (before.has(channelId) && changed.get(channelId) !== false) return false;
            for (const [channelId, no] of changed)
              if (no) refused.add(channelId);
              else refused.delete(channelId);
            // and once all is answered, nothing refused is before anybody
            const now = [...(await open()), ...(await asked(false))];
            if (now.some(({ channelId }) => refused.has(channelId))) return false;
          }
          return true;
        },
      ),
      { numRuns: 15, seed: 7 },
    );
  });

  it('is checked again when the rules or the catalogue have moved on, before anybody sees it', async () => {
    for (const channelId of channels) await consent('granted', channelId);
    service.clock.advance(1000);
    const before = await asked(true);
    const visits = before.filter(({ channelId }) => channelId === 'visit');
    expect(visits.length).toBeGreaterThan(0);
    service.clock.advance(1000);
    await territory.put('contact-rules/hidden', {
      kind: 'firewall',
      topics: ['dosage'],
      hideFrom: ['account-manager'],
    });
    const shown = await open();
    expect(shown.map(({ action }) => action.id)).not.toContain('talk-dosage');
    for (const { verifiedAt } of shown) expect(Date.parse(verifiedAt)).toBe(service.clock.now().getTime());
    expect((await asked(false)).map(({ action }) => action.id)).not.toContain('talk-dosage');
    await territory.put('products/P', {
      name: 'Pulmo',
      price: 100,
      margin: 40,
      currency: 'EUR',
      topics: ['efficacy'],
      available: false,
    });
    const left = [...(await open()), ...(await asked(false))];
    expect(left.map(({ action }) => action.id)).not.toContain('offer-p');
    const { body } = await service.http
      .get('/api/v1/suggestions?state=withdrawn')
      .set({ authorization: territory.authorization });
    expect(
      body.items
        .filter((one: { action: { id: string } }) => one.action.id === 'offer-p')
        .map((one: { because: string }) => one.because),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/^stock: /)]));
  });
});
