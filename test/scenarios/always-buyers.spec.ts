import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IncrementalRow, IncrementalStore, learnIncremental } from '../../src/learning/index.js';
import {
  Champion,
  DecisionLog,
  type DecisionRef,
  type InputSchema,
  priorityOf,
} from '../../src/recommender/index.js';
import { Rescoring, RescoringRuns } from '../../src/rescoring/index.js';
import { DAY, seededRng } from '../../src/shared/index.js';
import { promoteFlatModel } from '../support/flat-model.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/**
 * The regulars reply anyway; the new ones hardly ever do unless something is suggested. By propensity both look alike.
 * Once the catalogue is valued by what suggestions add, nobody is sent to the regulars for it.
 */
const ACCOUNTS = 600;
const DECISIONS = 4;
const CHANCE_NOTHING = 0.2;
const chances = {
  regular: { nothing: 0.6, suggested: 0.6 },
  new: { nothing: 0.05, suggested: 0.4 },
} as const;

let service: TestService;
let territory: Territory;
let scientist: string;
let schema: InputSchema;

beforeAll(async () => {
  service = await startTestService({ config: { holdoutShare: 0, exploration: 'greedy' } });
  territory = await startTerritory(service);
  scientist = (await service.key(['train', 'read'])).authorization;
  await promoteFlatModel(service);
  schema = (await service.app.get(Champion, { strict: false }).current()).inputSchema as InputSchema;
  for (const segment of ['regular', 'new'])
    await territory.put(`accounts/${segment}`, { name: segment, kind: 'company', country: 'DE', segment });
  for (const accountId of ['regular', 'new']) {
    await territory.put(`contacts/dr-${accountId}`, { accountId, name: `Dr. ${accountId}` });
    await territory.put(`accounts/${accountId}/team/mia`, {});
  }
}, 60_000);

afterAll(async () => {
  await service?.close();
});

/** Decisions of a territory whose chances are known, as the log would give them. */
function simulatedRows(): IncrementalRow[] {
  const rng = seededRng('always-buyers');
  const place = schema.categories.indexOf('account:segment');
  return Array.from({ length: ACCOUNTS * DECISIONS }, (_, row): IncrementalRow => {
    const account = Math.floor(row / DECISIONS);
    const segment = account % 2 === 0 ? 'regular' : 'new';
    const drawn = rng.next() < CHANCE_NOTHING ? 'nothing' : 'suggested';
    const categories = schema.categories.map((_name, at) => (at === place ? segment : null));
    return {
      account: `simulated-${account}`,
      inputs: { numbers: new Float32Array(schema.numbers.length).fill(NaN), categories },
      outcomeId: 'reply',
      drawn,
      chanceSuggested: 1 - CHANCE_NOTHING,
      chanceNothing: CHANCE_NOTHING,
      propensity: 0.5,
      happened: rng.next() < chances[segment][drawn] ? 1 : 0,
    };
  });
}

const api = (path: string, body: object = {}) =>
  service.http.post(`/api/v1/incremental/${path}`).set({ authorization: scientist }).send(body);
const offersTo = async (accountId: string) =>
  (await territory.recommend({ accountId, limit: 5 })).suggestions;

describe('who would have bought anyway', () => {
  let version = '';

  it('is suggested like anybody while the catalogue is valued by propensity', async () => {
    const [regular, fresh] = [await offersTo('regular'), await offersTo('new')];
    expect(regular.length).toBeGreaterThan(0);
    expect(regular.map(({ action }) => action.id)).toEqual(fresh.map(({ action }) => action.id));
  });

  it('cannot be told apart while the log holds too little, and the answer says what is missing', async () => {
    service.clock.advance(90 * DAY);
    const refused = await api('heads').expect(409);
    expect(refused.body.detail).toMatch(/does not suffice .*200 with nothing drawn.*reply: 0 suggested/s);
  });

  it('is found in a log that suffices: what suggestions add is learned as it is', async () => {
    const { artefact, card } = learnIncremental(simulatedRows(), schema, ['reply']);
    const [outcome] = card.outcomes;
    expect(outcome?.averageEffect.low).toBeLessThan(0.175);
    expect(outcome?.averageEffect.high).toBeGreaterThan(0.175);
    expect(outcome?.slope.low).toBeGreaterThan(0);
    version = await service.app
      .get(IncrementalStore, { strict: false })
      .add(artefact, card, service.clock.now());
  });

  it('is no longer preferred once the whole catalogue is valued by what suggestions add', async () => {
    const { body } = await api('switches', { version }).expect(201);
    expect(body).toMatchObject({ valuedBy: 'incremental', serving: { version, unproven: false } });
    expect(await offersTo('regular')).toEqual([]);
    const [first] = await offersTo('new');
    expect(first?.priority).toBeGreaterThan(0);
  });

  it('leaves a record that says by what each arm was valued, and its priority follows from it', async () => {
    const answer = await territory.recommend({ accountId: 'new', limit: 5 });
    const ref = { accountId: 'new', decisionId: answer.decisionId } as DecisionRef;
    const [decision] = await service.app.get(DecisionLog, { strict: false }).find([ref]);
    expect(decision?.versions.incremental).toBe(version);
    const [arm] = decision?.arms.flatMap(({ candidate }) => candidate ?? []) ?? [];
    expect(arm?.propensity).toBeCloseTo(0.5, 5);
    expect(arm?.incremental).toBeGreaterThan(0.2);
    expect(arm?.incremental).toBeLessThan(0.45);
    expect(arm && priorityOf(arm)).toBe(arm?.priority);
  });

  it('is decided once by a night that values by what suggestions add', async () => {
    const rescoring = service.app.get(Rescoring, { strict: false });
    const runs = service.app.get(RescoringRuns, { strict: false });
    const started = await rescoring.start({ startedBy: 'the test' });
    if (!started.ok) throw new Error(started.error.detail);
    const { runId } = started.value;
    for (const phase of ['compute', 'publish'] as const)
      for (const shard of await runs.unfinished(runId, phase)) await rescoring.work({ runId, shard, phase });
    const run = await runs.find(runId);
    expect(run).toMatchObject({ state: 'published', tally: { decidedAgain: 0, missed: 0 } });
    expect(run?.tally.published).toBeGreaterThan(0);
  });

  it('is suggested again when somebody switches back, and the audit trail tells of both', async () => {
    const { body } = await api('switches', { reason: 'a drill' }).expect(201);
    expect(body).toMatchObject({ valuedBy: 'propensity', serving: null });
    expect((await offersTo('regular')).length).toBeGreaterThan(0);
    const rows = await service.database.query<{ detail: { from: string; to: string } }[]>(
      `select detail from audit_entries where action = 'incremental.switched' order by 1`,
    );
    expect(rows.map(({ detail }) => detail.to).sort()).toEqual(['propensity', version].sort());
  });

  it('refuses an unknown head, and one that is not proven unless somebody says why', async () => {
    await api('switches', { version: 'nonesuch' }).expect(404);
    const store = service.app.get(IncrementalStore, { strict: false });
    const weak = learnIncremental(simulatedRows().slice(0, 60), schema, ['reply']);
    const unproven = await store.add(weak.artefact, weak.card, service.clock.now());
    expect((await api('switches', { version: unproven }).expect(409)).body.detail).toMatch(
      /not proven for: reply/,
    );
    await api('switches', { version: unproven, force: true }).expect(422);
    const { body } = await api('switches', { version: unproven, force: true, reason: 'a trial' }).expect(201);
    expect(body.serving).toMatchObject({ unproven: true, reason: 'a trial' });
  });
});
