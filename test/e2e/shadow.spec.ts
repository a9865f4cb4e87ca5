import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountId } from '../../src/catalogue/index.js';
import { HousekeepingJobs } from '../../src/jobs/housekeeping.queue.js';
import { ModelRegistry, packArtefact, SHADOW_DAYS, unpackArtefact } from '../../src/learning/index.js';
import type { Decision } from '../../src/recommender/index.js';
import { DAY, MINUTE } from '../../src/shared/index.js';
import { Decide, LearnFromOutcomes, type ShadowReport } from '../../src/workflows/index.js';
import { addFlatModel, promoteFlatModel } from '../support/flat-model.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const ACCOUNTS = 12;
/** Longer than any touch may wait and any window of an outcome: what was decided is settled. */
const SETTLED_AFTER = 60 * DAY;
/** A chance of 4.5 %: the dear visit earns less than the liaison's call, which one half would not see first. */
const THRIFTY = Math.log(0.045 / 0.955);
const PATIENCE_MILLISECONDS = 20_000;

let service: TestService;
let territory: Territory;
let scientist: string;
let champion: string;
let thrifty: string;
let trainedUntil: Date;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', shadowNightlyShare: 1 } });
  territory = await startTerritory(service);
  scientist = (await service.key(['train', 'read'])).authorization;
  champion = await promoteFlatModel(service);
  trainedUntil = service.clock.now();
  thrifty = await addFlatModel(service, { logit: THRIFTY, trainedUntil });
  for (let account = 0; account < ACCOUNTS; account += 1) await settle(`practice-${account}`, account);
}, 120_000);

afterAll(async () => {
  await service?.close();
});

async function settle(accountId: string, place: number): Promise<void> {
  const segment = place % 2 === 0 ? 'large' : 'small';
  await territory.put(`accounts/${accountId}`, { name: accountId, kind: 'company', country: 'DE', segment });
  await territory.put(`contacts/dr-${accountId}`, { accountId, name: `Dr. ${accountId}` });
  for (const member of ['mia', 'leo']) await territory.put(`accounts/${accountId}/team/${member}`, {});
}

const at = (path: string) => `/api/v1/models/${path}`;
const put = (version: string, authorization = scientist) =>
  service.http.put(at(`${version}/shadow`)).set({ authorization });
const stop = (version: string, authorization = scientist) =>
  service.http.delete(at(`${version}/shadow`)).set({ authorization });
const promote = (version: string, body: object = {}) =>
  service.http
    .post(at(`${version}/promotions`))
    .set({ authorization: scientist })
    .send(body);
const shadowSince = async (version: string) =>
  (await service.http.get(at(version)).set({ authorization: scientist }).expect(200)).body.shadowSince;

async function report(version: string, from: TestService = service): Promise<ShadowReport> {
  const { body, status } = await from.http
    .get(at(`${version}/shadow-report`))
    .set({ authorization: scientist });
  expect(status).toBe(200);
  return body as ShadowReport;
}

/** The report once it says what is waited for: what is compared is written a moment after the answer. */
async function reported(
  version: string,
  awaited: (report: ShadowReport) => boolean,
  from: TestService = service,
): Promise<ShadowReport> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline;) {
    const told = await report(version, from);
    if (awaited(told)) return told;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it took too long: ${JSON.stringify(await report(version, from))}`);
}

/** What a decision says, without the ids that are new each time. */
function said(decision: Decision) {
  const ids = new Set<unknown>([decision.decisionId, ...decision.suggestions.map((one) => one.suggestionId)]);
  return JSON.parse(
    JSON.stringify(decision, (_key, value: unknown) => (ids.has(value) ? 'an id' : value)),
  ) as object;
}

async function decided(accountId: string): Promise<Decision> {
  const question = {
    accountId: accountId as AccountId,
    contactId: null,
    limit: 5,
    context: {},
    role: null,
  };
  const decide = service.app.get(Decide, { strict: false });
  const answer = await decide.one(question, { fresh: true, seed: 'the same' });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.decision;
}

/** The head follows a promotion a moment later: only what was decided with the same one can be compared. */
async function withHead(accountId: string): Promise<Decision> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline;) {
    const decision = await decided(accountId);
    if (decision.versions.head !== null) return decision;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no head was made for the champion');
}

const counter = async (name: string): Promise<number> => {
  const { text } = await service.http.get('/metrics').set({ authorization: scientist }).expect(200);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
};

describe('a model in shadow', () => {
  it('is put there by who may train, once of a name, and not the one that serves', async () => {
    const mia = (await service.key(['read', 'score'], { memberId: 'mia' })).authorization;
    expect((await put(thrifty, mia)).status).toBe(403);
    expect((await put('nothing')).status).toBe(404);
    const serving = await put(champion);
    expect(serving.status).toBe(409);
    expect(serving.body.detail).toContain('serves');
    expect((await stop(thrifty)).status).toBe(409);
    const started = await put(thrifty);
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({ version: thrifty, endedAt: null, errors: 0, skipped: 0 });
    expect((await put(thrifty)).body).toEqual(started.body);
    const second = await put(await addFlatModel(service, { logit: 1, trainedUntil }));
    expect(second.status).toBe(409);
    expect(second.body.detail).toContain(`nba models shadow ${thrifty} --stop`);
    expect(await shadowSince(thrifty)).toBe(started.body.startedAt);
    expect((await stop(thrifty, mia)).status).toBe(403);
    const asked = await service.http.get(at(`${thrifty}/shadow-report`)).set({ authorization: mia });
    expect(asked.status).toBe(403);
    expect((await stop(thrifty)).status).toBe(204);
    expect(await shadowSince(thrifty)).toBeNull();
  });

  it('is refused where it learned on other features, and told what would mend it', async () => {
    const registry = service.app.get(ModelRegistry, { strict: false });
    const model = await registry.find(thrifty);
    const packed = await registry.artefact(thrifty);
    if (!model || !packed) throw new Error('it was added');
    const artefact = unpackArtefact(packed);
    const older = await registry.add({
      packed: packArtefact({ ...artefact, schema: { ...artefact.schema, featureSet: 'of last year' } }),
      card: model.card,
      createdAt: service.clock.now(),
    });
    const refused = await put(older);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/learned on feature set of last year.*nba train/);
  });

  it('changes no answer: the same seed gives the same decision with it and without', async () => {
    const without = await withHead('clinic');
    await put(thrifty).expect(200);
    const beside = await decided('clinic');
    expect(said(beside)).toEqual(said(without));
    expect(beside.decisionId).not.toBe(without.decisionId);
    const told = await reported(thrifty, ({ decisions }) => decisions === 1);
    expect(told).toMatchObject({ champion: `response:${champion}`, errors: 0 });
  });

  it('is reported beside the champion: what both put first, by channel and segment, and how far apart they are', async () => {
    service.clock.advance(MINUTE);
    for (let account = 0; account < ACCOUNTS; account += 1)
      await territory.recommend({ accountId: `practice-${account}` });
    const told = await reported(thrifty, ({ decisions }) => decisions === ACCOUNTS + 1);
    expect(told).toMatchObject({ accounts: ACCOUNTS + 1, withoutChoice: 0, skipped: 0, outcomes: null });
    const { agreement, propensity, milliseconds } = told;
    expect(agreement.first).toEqual({ value: 0, low: 0, high: 0 });
    expect(agreement.beyond.value).toBe(0);
    expect(agreement.byChannel).toMatchObject([{ group: 'visit', decisions: ACCOUNTS + 1 }]);
    expect(new Set(agreement.bySegment.map(({ group, decisions }) => `${group} ${decisions}`))).toEqual(
      new Set([`large ${ACCOUNTS / 2}`, `small ${ACCOUNTS / 2}`, 'none 1']),
    );
    expect(propensity.difference.value).toBeCloseTo(0.045 - 0.5, 5);
    expect(milliseconds?.mean).toBeGreaterThan(0);
    expect(await counter('nba_shadow_decisions_total')).toBeGreaterThanOrEqual(ACCOUNTS + 1);
    expect(await counter('nba_shadow_errors_total')).toBe(0);
    const [first] = await service.database.query<{ ranking: string[][] }[]>(
      `select ranking from shadow_decisions where version = $1 limit 1`,
      [thrifty],
    );
    expect(first?.ranking[0]?.slice(0, 2)).toEqual(['answer-safety', 'liaison-call']);
  });

  it('answers where only what is asked again is answered again: nothing is compared twice', async () => {
    const again = await territory.recommend({ accountId: 'practice-0' });
    expect(again.reused).toBe(true);
    await territory.recommend({ accountId: 'practice-0', limit: 1 });
    const told = await reported(thrifty, ({ decisions }) => decisions > ACCOUNTS + 1);
    expect(told.decisions).toBe(ACCOUNTS + 2);
  });

  it('decides beside the nightly run as well, of which a declared share is asked', async () => {
    const before = (await report(thrifty)).decisions;
    const started = await service.http
      .post('/api/v1/rescoring-runs')
      .set({ authorization: scientist })
      .send({ force: { reason: 'the test asks for it' } });
    expect(started.status).toBe(202);
    const told = await reported(thrifty, ({ decisions }) => decisions >= before + ACCOUNTS + 1);
    expect(told.decisions).toBe(before + ACCOUNTS + 1);
  });
});

describe('the evidence of a model in shadow', () => {
  beforeAll(async () => {
    for (let account = 0; account < ACCOUNTS; account += 1) await live(account);
    await service.app.get(LearnFromOutcomes, { strict: false }).runDue(service.clock.now());
    service.clock.advance(SETTLED_AFTER);
    await service.app.get(LearnFromOutcomes, { strict: false }).runDue(service.clock.now());
  }, 60_000);

  /** A decision of the champion, its touch, and from two accounts in three the reply, which is worth 60. */
  async function live(account: number): Promise<void> {
    const accountId = `practice-${account}`;
    service.clock.advance(MINUTE);
    await territory.event('Page Viewed', {}, { accountId, contactId: `dr-${accountId}` });
    const { suggestions } = await territory.recommend({ accountId, limit: 1 });
    const [first] = suggestions;
    if (!first) return;
    service.clock.advance(MINUTE);
    const { channelId, suggestionId, contactId } = first;
    const about = { channel: channelId, actionId: first.action.id, suggestionId };
    const name = channelId === 'visit' ? 'Visit Logged' : 'Call Logged';
    await territory.event(name, about, { accountId, contactId });
    if (account % 3 === 0) return;
    const outcome = { outcomeId: 'reply', accountId, contactId, value: 60, suggestionId };
    const occurredAt = service.clock.now().toISOString();
    await service.http
      .post('/api/v1/outcomes')
      .set({ authorization: territory.authorization })
      .send({ ...outcome, outcomeRef: `reply-${accountId}`, occurredAt })
      .expect(201);
  }

  it('tells how true both are on what came since', async () => {
    const { outcomes } = await reported(thrifty, (told) => (told.outcomes?.touches ?? 0) >= ACCOUNTS - 2);
    if (!outcomes) throw new Error('there are some');
    const rate = outcomes.happened / outcomes.touches;
    expect(rate).toBeGreaterThan(0.5);
    expect(outcomes.challenger.gap.value).toBeCloseTo(0.045 - rate, 5);
    expect(outcomes.champion.gap.value).toBeGreaterThan(outcomes.challenger.gap.value ?? NaN);
    expect(outcomes.logLossDifference.low).toBeGreaterThan(0);
  });

  it('is what the gate judges by, and a model that is proved worse is out of shadow', async () => {
    const { body } = await service.http.get(at(`${thrifty}/judgement`)).set({ authorization: scientist });
    const { inShadow, decisions } = body.judgement;
    expect(inShadow).toBeGreaterThanOrEqual(ACCOUNTS);
    expect(inShadow).toBeLessThanOrEqual(decisions);
    const refused = await promote(thrifty, { reason: 'I like it' });
    expect(refused.status).toBe(409);
    expect(await report(thrifty)).toMatchObject({ endedBecause: 'rejected' });
    expect(await shadowSince(thrifty)).toBeNull();
  });

  it('ends with the promotion, and the trail has it all', async () => {
    const refresh = await addFlatModel(service, { logit: 0.01, trainedUntil });
    await put(refresh).expect(200);
    expect((await promote(refresh, { reason: 'does the same', force: true })).status).toBe(201);
    expect(await report(refresh)).toMatchObject({ endedBecause: 'promoted', champion: null, decisions: 0 });
    const trail = await service.database.query<{ action: string; subject_id: string; detail: object }[]>(
      `select action, subject_id, detail from audit_entries where action like 'model.shadow%' order by entry_id`,
    );
    expect(trail.map(({ action, subject_id }) => [action, subject_id === refresh])).toEqual([
      ['model.shadow-started', false],
      ['model.shadow-ended', false],
      ['model.shadow-started', false],
      ['model.shadow-ended', false],
      ['model.shadow-started', true],
      ['model.shadow-ended', true],
    ]);
    expect(trail.map(({ detail }) => (detail as { because?: string }).because)).toEqual([
      undefined,
      'stopped',
      undefined,
      'rejected',
      undefined,
      'promoted',
    ]);
  });
});

describe('a model in shadow that fails', () => {
  it('harms nothing: the answers stand, and its errors are counted, in a process that starts with it as well', async () => {
    const broken = await addFlatModel(service, { logit: 2, trainedUntil });
    await put(broken).expect(200);
    await service.database.query(`update models set weights = '' where version = $1`, [broken]);
    const restarted = await startTestService({ beside: service });
    try {
      const answer = await restarted.http
        .post('/api/v1/recommendations')
        .set({ authorization: territory.authorization })
        .send({ accountId: 'practice-1', limit: 3 });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ reused: false, model: { name: 'response' } });
      expect(answer.body.suggestions.length).toBeGreaterThan(0);
      const told = await reported(broken, ({ errors }) => errors > 0, restarted);
      expect(told).toMatchObject({ decisions: 0, errors: 1, champion: null, endedAt: null });
    } finally {
      await restarted.close();
    }
  });
});

it('is forgotten when it is as old as the detail of decisions that is kept', async () => {
  const counted = async () =>
    Number((await service.database.query('select count(*) as n from shadow_decisions'))[0].n);
  const [{ last }] = await service.database.query('select max(decided_at) as last from shadow_decisions');
  const housekeeping = service.app.get(HousekeepingJobs, { strict: false });
  service.clock.set(new Date(last.getTime() + SHADOW_DAYS * DAY));
  await housekeeping.runDue();
  expect(await counted()).toBeGreaterThan(0);
  service.clock.advance(MINUTE);
  await housekeeping.runDue();
  expect(await counted()).toBe(0);
});
