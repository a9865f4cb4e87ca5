import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresTransactions } from '../../src/database/index.js';
import { PostgresOutbox } from '../../src/delivery/outbox.postgres.js';
import {
  exportModel,
  type GateJudgement,
  importModel,
  ModelFolderInvalid,
  packArtefact,
  ResponseModel,
  versionOf,
} from '../../src/learning/index.js';
import { RegistryChampion } from '../../src/learning/registry/champion.postgres.js';
import { PostgresModelRegistry } from '../../src/learning/registry/model-registry.postgres.js';
import { PostgresShadowBook } from '../../src/learning/shadow/shadow-book.postgres.js';
import { judgement } from '../../src/learning/testing/judgement.js';
import { modelCard } from '../../src/learning/testing/model-entry.js';
import { randomArtefact } from '../../src/learning/testing/random-artefact.js';
import { LINEAR } from '../../src/learning/training/weights.js';
import { Champion, type PropensityModel } from '../../src/recommender/index.js';
import { ManualClock, seededRng, TimeOrderedIds } from '../../src/shared/index.js';
import { PromoteModel } from '../../src/workflows/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { RememberedAudit } from '../support/remembered-audit.js';

const NOW = new Date('2026-03-02T09:00:00Z');

/** Stands in for the declared rules: only its name is looked at here. */
class Rules extends Champion {
  async current(): Promise<PropensityModel> {
    return { name: 'fallback-rules' } as PropensityModel;
  }
}

let test: TestDatabase;
let registry: PostgresModelRegistry;
let promotions: PromoteModel;
const audit = new RememberedAudit();
const clock = new ManualClock(NOW);
let made = 0;
/** What the log says of every challenger. */
let said: GateJudgement;

beforeAll(async () => {
  test = await createTestDatabase();
  registry = new PostgresModelRegistry(test.database);
  promotions = new PromoteModel({
    transactions: new PostgresTransactions(test.database),
    registry,
    shadows: new PostgresShadowBook(test.database),
    judge: { run: async () => said },
    audit,
    outbox: new PostgresOutbox(),
    clock,
    ids: new TimeOrderedIds(() => (made += 1)),
  });
}, 60_000);

beforeEach(() => {
  said = judgement({ verdict: 'no-worse' });
});

afterEach(async () => {
  await test.database.query('delete from models');
  await test.database.query('delete from outbox');
  clock.set(NOW);
});

afterAll(async () => {
  await test?.close();
});

const packed = (seed: string) => packArtefact(randomArtefact(LINEAR, seededRng(seed)));
const add = (seed: string, logLoss = 0.5) =>
  registry.add({ packed: packed(seed), card: modelCard({ opened: logLoss }), createdAt: clock.now() });
const promote = (version: string, reason: string | null = 'checked by hand', force = false) =>
  promotions.promote(version, { reason, force, actor: 'ana' });

describe('the registry of models', () => {
  it('keeps a model under the hash of its artefact, once', async () => {
    const version = await add('a');
    clock.advance(1000);
    expect(await add('a')).toBe(version);
    expect(version).toBe(versionOf(packed('a')));
    expect(await registry.page(10)).toMatchObject([{ version, state: 'candidate', createdAt: NOW }]);
  });

  it('gives the weights back to the last bit', async () => {
    const version = await add('a');
    const artefact = await registry.artefact(version);
    expect(artefact?.weights.equals(packed('a').weights)).toBe(true);
    expect(artefact?.model).toBe(packed('a').model);
  });

  it('lists the newest first, page by page, without losing or repeating one', async () => {
    const added: string[] = [];
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      added.unshift(await add(seed));
      if (seed !== 'b') clock.advance(1000);
    }
    const seen: string[] = [];
    for (let page = await registry.page(2); page.length > 0; page = await registry.page(2, page.at(-1))) {
      seen.push(...page.map(({ version }) => version));
    }
    expect([...seen].sort()).toEqual([...added].sort());
    expect(seen[0]).toBe(added[0]);
  });

  it('does not know what was never added', async () => {
    expect(await registry.find('nothing')).toBeNull();
    expect(await registry.artefact('nothing')).toBeNull();
    expect(await registry.champion()).toBeNull();
  });
});

describe('promotion', () => {
  it('leaves one champion, writes down who and why, and remembers what it took the place of', async () => {
    const [first, second] = [await add('a'), await add('b')];
    expect((await promote(first)).ok).toBe(true);
    expect((await promote(second, null)).ok).toBe(true);
    expect(await registry.champion()).toMatchObject({ version: second, predecessor: first, unproven: false });
    expect(await registry.find(first)).toMatchObject({
      state: 'retired',
      unproven: true,
      reason: 'checked by hand',
    });
    expect(audit.entries).toContainEqual(
      expect.objectContaining({
        actor: 'ana',
        action: 'model.promoted',
        subjectId: second,
        detail: expect.objectContaining({ verdict: 'no-worse', decisions: 5000 }),
      }),
    );
  });

  it('refuses a worse refresh and changes nothing', async () => {
    const [first, worse] = [await add('a', 0.5), await add('b', 0.7)];
    await promote(first);
    said = judgement({ verdict: 'undecided' });
    expect(await promote(worse, null)).toMatchObject({ ok: false, error: { code: 'not-proven' } });
    expect(await registry.champion()).toMatchObject({ version: first });
    expect((await promote(worse, 'drill', true)).ok).toBe(true);
  });

  it('rolls back to the model before, and from the first to the fallback rules', async () => {
    const [first, second] = [await add('a'), await add('b')];
    await promote(first);
    await promote(second);
    const back = await promotions.rollback(second, { reason: 'complaints', actor: 'ana' });
    expect(back).toMatchObject({ ok: true, value: { champion: { version: first, reason: 'complaints' } } });
    expect(await promotions.rollback(second, { reason: null, actor: 'ana' })).toMatchObject({
      error: { code: 'not-champion' },
    });
    expect(await promotions.rollback(first, { reason: null, actor: 'ana' })).toEqual({
      ok: true,
      value: { champion: null },
    });
    expect(await registry.champion()).toBeNull();
  });

  it('tells which model serves now, and nothing when nothing changed', async () => {
    const [first, worse] = [await add('a', 0.5), await add('b', 0.7)];
    await promote(first);
    said = judgement({ verdict: 'worse' });
    await promote(worse, null);
    await promotions.rollback(first, { reason: 'complaints', actor: 'ana' });
    expect(await test.database.query('select type, data from outbox order by message_id')).toEqual([
      { type: 'model.promoted', data: expect.objectContaining({ version: first, replaced: null }) },
      {
        type: 'model.promoted',
        data: expect.objectContaining({ version: null, replaced: first, reason: 'complaints' }),
      },
    ]);
  });

  it('lets only one of two promotions at once see the fallback rules before it', async () => {
    const [first, second] = [await add('a'), await add('b')];
    await Promise.all([promote(first), promote(second)]);
    const models = await registry.page(10);
    expect(models.filter(({ state }) => state === 'champion')).toHaveLength(1);
    expect(
      models.map(({ predecessor }) => predecessor).filter((predecessor) => predecessor === null),
    ).toHaveLength(1);
  });
});

describe('the champion that serves', () => {
  it('changes with a promotion and a rollback, without a restart', async () => {
    const champion = new RegistryChampion(test.database, registry, new Rules());
    expect((await champion.current()).name).toBe('fallback-rules');
    const version = await add('a');
    expect((await champion.current()).name).toBe('fallback-rules');
    await promote(version);
    const serving = await champion.current();
    expect(serving).toBeInstanceOf(ResponseModel);
    expect(serving.version).toBe(version);
    expect(await champion.current()).toBe(serving);
    await promotions.rollback(version, { reason: null, actor: 'ana' });
    expect((await champion.current()).name).toBe('fallback-rules');
  });
});

describe('an exported model', () => {
  it('comes in elsewhere under the same version', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'models-'));
    try {
      const path = await exportModel(folder, { packed: packed('a'), card: modelCard({ opened: 0.5 }) });
      expect(path).toBe(join(folder, 'response', versionOf(packed('a'))));
      const { packed: again, card } = await importModel(path);
      expect(versionOf(again)).toBe(versionOf(packed('a')));
      expect(card).toEqual(modelCard({ opened: 0.5 }));
      await writeFile(join(path, 'weights.bin'), packed('a').weights.subarray(8));
      await expect(importModel(path)).rejects.toThrow(ModelFolderInvalid);
      await expect(importModel(folder)).rejects.toThrow(/model\.json, weights\.bin, card\.json/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
