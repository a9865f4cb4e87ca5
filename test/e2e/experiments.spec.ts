import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inHoldout } from '../../src/recommender/index.js';
import { DAY, HOUR, MINUTE } from '../../src/shared/index.js';
import { LearnFromOutcomes } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const ACCOUNTS = 24;
const HOLDOUT = { salt: 'experiments', share: 0.5 };
const names = Array.from({ length: ACCOUNTS }, (_none, place) => `practice-${place}`);
const held = names.filter((name) => inHoldout(name, HOLDOUT));

let service: TestService;
let territory: Territory;
let scientist: string;

beforeAll(async () => {
  service = await startTestService({ config: { salt: HOLDOUT.salt, holdoutShare: HOLDOUT.share } });
  territory = await startTerritory(service);
  scientist = (await service.key(['train'])).authorization;
  for (const name of names) {
    await territory.put(`accounts/${name}`, { name, kind: 'company', country: 'DE', locale: 'en' });
    await territory.put(`contacts/dr-${name}`, { accountId: name, name: `Dr. ${name}` });
    await territory.put(`accounts/${name}/team/mia`, {});
  }
  for (const name of names) await live(name);
  await service.app.get(LearnFromOutcomes, { strict: false }).runDue(service.clock.now());
}, 120_000);

afterAll(async () => {
  await service?.close();
});

/** A decision, its touch, and (where the model serves) a reply that is worth 30. */
async function live(name: string): Promise<void> {
  const { suggestions } = await territory.recommend({ accountId: name, limit: 1 });
  service.clock.advance(MINUTE);
  const [first] = suggestions;
  if (!first) return;
  await territory.event(
    'Visit Logged',
    { channel: first.channelId, actionId: first.action.id, suggestionId: first.suggestionId },
    { accountId: name, contactId: first.contactId },
  );
  if (held.includes(name)) return;
  await service.http
    .post('/api/v1/outcomes')
    .set({ authorization: territory.authorization })
    .send({
      outcomeRef: `reply-${name}`,
      outcomeId: 'reply',
      accountId: name,
      contactId: first.contactId,
      value: 30,
      occurredAt: service.clock.now().toISOString(),
      suggestionId: first.suggestionId,
    })
    .expect(201);
}

const get = (path: string, authorization = scientist) =>
  service.http.get(`/api/v1/${path}`).set({ authorization }).buffer(true);

describe('the decision log as an export', () => {
  it('holds decisions back until their windows are closed, unless it is asked for all', async () => {
    expect((await get('decisions/export')).text).toBe('');
    const open = await get('decisions/export?includeOpen=true');
    expect(open.headers['content-type']).toContain('application/x-ndjson');
    expect(open.text.trim().split('\n')).toHaveLength(ACCOUNTS);
  });

  it('has what evaluation needs: reward, the logged probability, and that of another policy', async () => {
    const answer = await get('decisions/export?includeOpen=true&policy=greedy&reward=value');
    const rows = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number | string | boolean>);
    for (const row of rows) {
      expect(row['inclusion_probability']).toBeGreaterThan(0);
      expect([0, 1]).toContain(row['evaluation_probability']);
      expect(row['holdout']).toBe(held.includes(String(row['account'])));
      const rewarded = row['action'] !== 'no-action' && row['holdout'] === false;
      expect(row['reward']).toBe(rewarded ? 30 : 0);
      expect(row['carried_out']).toBe(row['action'] !== 'no-action');
    }
    expect(rows.filter((row) => row['evaluation_probability'] === 1).length).toBeGreaterThan(0);
  });

  it('is the same as CSV, with a header', async () => {
    const answer = await get('decisions/export?includeOpen=true&format=csv&policy=rules');
    const [header = '', ...rows] = answer.text.trim().split('\n');
    expect(header.split(',').slice(0, 5)).toEqual([
      'decision_id',
      'account',
      'contact',
      'decided_at',
      'action',
    ]);
    expect(rows).toHaveLength(ACCOUNTS);
    const columns = header.split(',');
    const [logged, evaluated] = [
      columns.indexOf('inclusion_probability'),
      columns.indexOf('evaluation_probability'),
    ];
    // the declared rules decided everywhere: they would do the same again
    for (const row of rows.map((line) => line.split(',')))
      expect(Number(row[evaluated])).toBeCloseTo(Number(row[logged]), 9);
  });

  it('shows a member the own accounts only', async () => {
    const leo = await service.key(['train'], { memberId: 'leo' });
    expect((await get('decisions/export?includeOpen=true', leo.authorization)).text).toBe('');
    const mia = await service.key(['train'], { memberId: 'mia' });
    const own = (await get('decisions/export?includeOpen=true', mia.authorization)).text.trim().split('\n');
    expect(own).toHaveLength(ACCOUNTS);
  });

  it.each([
    ['a policy that is not known', 'decisions/export?policy=best', 422],
    ['a model that is not there', 'decisions/export?policy=model:none', 422],
    ['a format that is not known', 'decisions/export?format=parquet', 422],
    ['a time without offset', 'decisions/export?from=2026-01-01T00:00:00', 422],
  ])('refuses %s', async (_, path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('needs the scope audit or train', async () => {
    const { authorization } = await service.key(['read', 'score']);
    expect((await get('decisions/export', authorization)).status).toBe(403);
  });
});

describe('the holdout beside the treated', () => {
  it('finds the planted difference, with an interval, over all and by week', async () => {
    service.clock.advance(HOUR);
    const { body, status } = await get('experiments/holdout');
    expect(status).toBe(200);
    expect(body.accounts).toEqual({
      treated: ACCOUNTS + 1 - held.length - clinicHeld(),
      holdout: held.length + clinicHeld(),
    });
    expect(body.overall.outcomes.holdout).toBe(0);
    expect(body.overall.outcomes.uplift.low).toBeGreaterThan(0.4);
    expect(body.overall.value.uplift.value).toBeCloseTo(30 * body.overall.outcomes.uplift.value, 9);
    expect(body.overall.byOutcome.reply.treated).toBe(body.overall.outcomes.treated);
    expect(body.periods.length).toBeGreaterThan(10);
    expect(body.periods.at(-1).outcomes.treated).toBe(body.overall.outcomes.treated);
    expect(body.periods[0].outcomes.uplift.value).toBe(0);
  });

  it('gives the same for the same seed', async () => {
    const [one, other] = [await get('experiments/holdout?by=none'), await get('experiments/holdout?by=none')];
    expect(one.body.overall.outcomes).toEqual(other.body.overall.outcomes);
  });

  it('is not told to a member who sees some accounts only', async () => {
    const { authorization } = await service.key(['read'], { memberId: 'mia' });
    expect((await get('experiments/holdout', authorization)).status).toBe(403);
  });

  it('refuses a range that ends before it begins', async () => {
    const later = new Date(service.clock.now().getTime() + DAY).toISOString();
    expect((await get(`experiments/holdout?from=${later}`)).status).toBe(422);
  });
});

/** The territory's own account is of one group too. */
const clinicHeld = () => (inHoldout('clinic', HOLDOUT) ? 1 : 0);
