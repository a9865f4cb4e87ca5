import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Run } from '../../src/rescoring/index.js';
import { DAY, HOUR, MINUTE } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory, type Territory } from '../support/territory.js';

const OTHERS = ['a-clinic', 'b-clinic', 'person-1', 'person-2'];
const ENDED = ['published', 'failed', 'cancelled', 'blocked'];
const PATIENCE_MILLISECONDS = 20_000;

let service: TestService;
let territory: Territory;
let nightly: string;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', exploration: 'greedy' } });
  territory = await startTerritory(service);
  nightly = (await service.key(['train'])).authorization;
  for (const id of OTHERS) await territory.put(`accounts/${id}`, { name: id, kind: 'person', country: 'DE' });
  await territory.put('accounts/empty', { name: 'empty', kind: 'company', country: 'DE' });
});
afterAll(() => service.close());

const post = (path: string, body: object = {}, authorization = nightly) =>
  service.http.post(`/api/v1/rescoring-runs${path}`).set({ authorization }).send(body);
const get = (path: string, authorization = nightly) =>
  service.http.get(`/api/v1/rescoring-runs${path}`).set({ authorization });
const rows = <Row>(sql: string, values: unknown[] = []) => service.database.query<Row[]>(sql, values);

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline;) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it took too long');
}

async function finished(runId: string): Promise<Run> {
  let run: Run | undefined;
  await until(async () => {
    run = (await get(`/${runId}`).expect(200)).body as Run;
    return ENDED.includes(run.state);
  });
  return run!;
}

/** A run of its own day, a day after the one before. */
async function rescored(): Promise<Run> {
  service.clock.advance(DAY);
  return published({});
}

const rescoredAgain = (): Promise<Run> => published({ force: { reason: 'the test asks for it' } });

async function published(body: object): Promise<Run> {
  const { body: started } = await post('', body).expect(202);
  const run = await finished(started.runId);
  expect(run).toMatchObject({ state: 'published', problem: null });
  return run;
}

const standing = (accountId = 'clinic') =>
  rows<{ suggestion_id: string; action_id: string; state: string; run_id: string | null }>(
    `select suggestion_id, action_id, state, run_id from suggestions
      where account_id = $1 and state in ('open', 'seen', 'accepted') and expires_at > $2 order by rank`,
    [accountId, service.clock.now()],
  );
const ids = (answer: Answer): string[] => answer.suggestions.map(({ suggestionId }) => suggestionId).sort();
const respond = (suggestionId: string, body: object) =>
  service.http
    .post(`/api/v1/suggestions/${suggestionId}/responses`)
    .set({ authorization: territory.authorization })
    .send(body);
const effects = (runId: string) =>
  rows<{ account_id: string; effect: string }>(
    `select account_id, effect from decision_effects where run_id = $1 order by account_id, effect`,
    [runId],
  );

describe('a nightly run', () => {
  it('decides for every account, says how far it is, and publishes', async () => {
    const run = await rescored();
    const accounts = OTHERS.length + 2;
    expect(run).toMatchObject({ total: accounts, done: accounts, forcedBecause: null });
    expect(run.tally).toMatchObject({ decided: accounts, published: accounts, kept: 0, missed: 0 });
    expect(run.tally.noAction).toBeGreaterThanOrEqual(1);
    expect(run.tally.suppressedByRule['consent']).toBeGreaterThan(0);
    expect(Object.keys(run.tally.suggestionsByChannel)).not.toContain('email');
    const decisions = await rows<{ account_id: string; of: number }>(
      'select account_id, count(*)::int as of from decisions where run_id = $1 group by 1 order by 1',
      [run.runId],
    );
    const every = [...OTHERS, 'clinic', 'empty'].sort();
    expect(decisions).toEqual(every.map((account_id) => ({ account_id, of: 1 })));
    expect((await effects(run.runId)).map(({ effect }) => effect)).toEqual(every.map(() => 'published'));
    const told = `select type, data from outbox union all select type, data from webhook_messages`;
    expect(await rows(`select type, data ->> 'runId' as "runId" from (${told}) as told`, [])).toEqual([
      { type: 'rescoring.finished', runId: run.runId },
    ]);
  });

  it('is the answer that is given by day: the same suggestions, reused', async () => {
    const run = await rescored();
    const answer = await territory.recommend();
    expect(answer.reused).toBe(true);
    expect(ids(answer)).toEqual((await standing()).map(({ suggestion_id }) => suggestion_id).sort());
    const of = await service.http
      .get('/api/v1/suggestions')
      .query({ accountId: 'clinic', state: 'open' })
      .set({ authorization: territory.authorization });
    expect(of.body.items.map((one: { suggestionId: string }) => one.suggestionId).sort()).toEqual(
      ids(answer),
    );
    expect((await territory.recommend({ accountId: 'empty' })).noAction).not.toBeNull();
    expect((await standing()).every(({ run_id }) => run_id === run.runId)).toBe(true);
  });

  it('keeps the id of an action for the same contact on the same channel', async () => {
    await rescored();
    const before = await territory.recommend();
    await territory.event('Content Viewed', { topic: 'dosage' });
    service.clock.advance(HOUR);
    await rescoredAgain();
    const after = await territory.recommend();
    expect(after.reused).toBe(true);
    expect(after.decisionId).not.toBe(before.decisionId);
    expect(ids(after)).toEqual(ids(before));
  });

  it('replaces what nobody has seen', async () => {
    await rescored();
    const [first] = await standing();
    const { actionId: _, ...saved } = (
      await service.http
        .get(`/api/v1/actions/${first!.action_id}`)
        .set({ authorization: territory.authorization })
    ).body;
    await territory.put(`actions/${first!.action_id}`, {
      ...saved,
      eligibility: 'account.attributes.beds > 500.0',
    });
    service.clock.advance(HOUR);
    await rescoredAgain();
    expect((await standing()).map(({ action_id }) => action_id)).not.toContain(first!.action_id);
    const [row] = await rows<{ state: string }>('select state from suggestions where suggestion_id = $1', [
      first!.suggestion_id,
    ]);
    expect(row?.state).toBe('superseded');
    await territory.put(`actions/${first!.action_id}`, saved);
  });

  it('leaves the list of an account as it is where somebody has seen it', async () => {
    await rescored();
    const [first] = await standing();
    await respond(first!.suggestion_id, { kind: 'accepted' }).expect(201);
    const before = await standing();
    const run = await rescored();
    expect(run.tally).toMatchObject({ kept: 1, published: OTHERS.length + 1 });
    expect((await standing()).filter(({ state }) => state === 'accepted')).toEqual(
      before.filter(({ state }) => state === 'accepted'),
    );
    expect(await effects(run.runId)).toContainEqual({ account_id: 'clinic', effect: 'kept' });
    await respond(first!.suggestion_id, { kind: 'completed' }).expect(201);
  });
});

describe('between computing and publishing', () => {
  /** Runs with a door before a state of the run or of its shards, which opens when the change is made. */
  async function startedWhile(
    door: string,
    state: string,
    change: (runId: string) => Promise<void>,
  ): Promise<string> {
    service.clock.advance(DAY);
    await rows(`create function closed() returns trigger language plpgsql as
      $$ begin if new.state = '${state}' then perform pg_advisory_xact_lock(77); end if; return new; end $$`);
    await rows(`create trigger door before update on ${door} for each row execute function closed()`);
    const keeper = service.database.createQueryRunner();
    await keeper.query('select pg_advisory_lock(77)');
    const { body: started } = await post('').expect(202);
    await until(async () => {
      const waiting = await rows(
        `select from pg_locks where locktype = 'advisory' and objid = 77 and not granted`,
      );
      return waiting.length > 0;
    });
    await change(started.runId);
    await keeper.query('select pg_advisory_unlock(77)');
    await keeper.release();
    await finished(started.runId);
    await until(
      async () =>
        (await rows(`select from pg_locks where locktype = 'advisory' and objid = 77`)).length === 0,
    );
    await rows(`drop trigger door on ${door}`);
    await rows('drop function closed');
    return started.runId;
  }
  async function rescoredWhile(change: () => Promise<void>): Promise<Run> {
    const run = await finished(await startedWhile('rescoring_runs', 'publishing', change));
    expect(run).toMatchObject({ state: 'published', problem: null });
    return run;
  }
  const consent = (status: string, channelId: string, purpose: string) =>
    service.http
      .post('/api/v1/contacts/jones/consents')
      .set({ authorization: territory.authorization })
      .send({ channelId, purpose, status, source: 'contact' })
      .expect(201);

  it('an account whose policy epoch moves is decided again, and the "no" is obeyed', async () => {
    const run = await rescoredWhile(async () => {
      await consent('withdrawn', 'visit', '*');
    });
    expect(run.tally).toMatchObject({ decidedAgain: 1, published: OTHERS.length + 2, missed: 0 });
    const [visits] = await rows<{ n: number }>(
      `select count(*)::int as n from suggestions where account_id = 'clinic' and channel_id = 'visit' and state = 'open'`,
    );
    expect(visits?.n).toBe(0);
    expect(await effects(run.runId)).toEqual(
      expect.arrayContaining([
        { account_id: 'clinic', effect: 'published' },
        { account_id: 'clinic', effect: 'stale' },
      ]),
    );
    await consent('granted', 'visit', '*');
  });

  it('a change of the catalogue has every account decided again', async () => {
    const run = await rescoredWhile(() =>
      territory.put('products/P', {
        name: 'Pulmo',
        price: 90,
        margin: 30,
        currency: 'EUR',
        topics: ['efficacy'],
        available: false,
      }),
    );
    expect(run.tally).toMatchObject({ decidedAgain: OTHERS.length + 2, published: OTHERS.length + 2 });
    const [offers] = await rows<{ n: number }>(
      `select count(*)::int as n from suggestions where product_id = 'P' and state = 'open'`,
    );
    expect(offers?.n).toBe(0);
    expect((await territory.recommend()).reused).toBe(true);
  });

  it('an answer given meanwhile is not doubled: the same suggestion stands once', async () => {
    await rows(`update suggestions set state = 'expired' where account_id = 'clinic'`);
    const run = await rescoredWhile(async () => {
      await territory.recommend({ limit: 2 });
      await territory.recommend({ context: { need: 'asked about side effects' } });
    });
    const doubled = await rows(
      `select action_id, contact_id, channel_id from suggestions where state in ('open', 'seen', 'accepted') and expires_at > $1
        group by account_id, action_id, contact_id, channel_id, product_id having count(*) > 1`,
      [service.clock.now()],
    );
    expect(doubled).toEqual([]);
    expect(run.tally.decidedAgain).toBe(1);
    expect((await standing()).length).toBeGreaterThan(0);
  });

  it('a cancelled run publishes nothing', async () => {
    const all = () => rows(`select suggestion_id, state, run_id from suggestions order by 1`);
    const before = await all();
    const runId = await startedWhile('rescoring_shards', 'computed', async (underWay) => {
      await post('').expect(409);
      const { body } = await post(`/${underWay}/cancellations`).expect(200);
      expect(body).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) });
    });
    expect(await finished(runId)).toMatchObject({ state: 'cancelled', tally: { published: 0 } });
    expect(await all()).toEqual(before);
    expect(await effects(runId)).toEqual([]);
    await post(`/${runId}/cancellations`).expect(409);
    const { body: again } = await post('').expect(202);
    expect(await finished(again.runId)).toMatchObject({ state: 'published' });
  });
});

describe('once a day', () => {
  it('refuses a second run of a day with the reason, and allows it when it is forced with one', async () => {
    await rescored();
    const { body } = await post('').expect(409);
    expect(body).toMatchObject({ status: 409, detail: expect.stringMatching(/has a run already.*force/) });
    const { body: invalid } = await post('', { force: {} }).expect(422);
    expect(invalid.errors[0].pointer).toMatch(/^\/force/);
    service.clock.advance(MINUTE);
    const { body: forced } = await post('', { force: { reason: 'new price list' } }).expect(202);
    expect(await finished(forced.runId)).toMatchObject({
      state: 'published',
      forcedBecause: 'new price list',
    });
    const { body: first } = await get('?limit=1').expect(200);
    expect(first.items).toMatchObject([{ runId: forced.runId }]);
    const { body: second } = await get(`?limit=1&cursor=${first.nextCursor}`).expect(200);
    expect(second.items).toMatchObject([{ day: forced.day, forcedBecause: null }]);
  });

  it('belongs to the day of the deployment’s time zone', async () => {
    service.clock.set(new Date(Math.ceil(service.clock.now().getTime() / DAY) * DAY + DAY - 30 * MINUTE));
    const { body } = await post('').expect(202);
    await finished(body.runId);
    expect(body.day).toBe(new Date(service.clock.now().getTime() + HOUR).toISOString().slice(0, 10));
  });

  it('names what is wrong with a request', async () => {
    for (const [day, pointer] of [
      ['yesterday', '/day'],
      ['2026-02-31', '/day'],
    ] as const) {
      const { body } = await post('', { day }).expect(422);
      expect(body.errors[0].pointer).toBe(pointer);
    }
    await post('', { asOf: 'tomorrow' }).expect(422);
    await get('/nothing').expect(404);
    await post('/nothing/cancellations').expect(404);
  });

  it('is started and cancelled only with a key for it', async () => {
    const { authorization } = await service.key(['read', 'score']);
    await post('', {}, authorization).expect(403);
    await post('/any/cancellations', {}, authorization).expect(403);
    await get('?limit=1', authorization).expect(200);
    await service.http.post('/api/v1/rescoring-runs').send({}).expect(401);
  });
});
