import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerImport } from '../../scripts/import.js';
import { type CommandResult, nba } from '../support/command-line.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  service = await startTestService({ now: new Date() });
  folder = await mkdtemp(join(tmpdir(), 'nba-import-e2e-'));
  Object.assign(process.env, { DATABASE_URL: service.databaseUrl, NBA_LOG_LEVEL: 'error' });
});
afterAll(async () => {
  process.env = environment;
  await rm(folder, { recursive: true });
  await service.close();
});

/** Runs `nba import …` and gives the object that it prints; fails with the message that a person would see. */
async function run(...args: string[]): Promise<Record<string, unknown>> {
  const printed: string[] = [];
  const output = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    const program = new Command('nba').exitOverride();
    registerImport(program);
    await program.parseAsync(['node', 'nba', 'import', ...args, '--json']);
  } finally {
    output.mockRestore();
  }
  return JSON.parse(printed.find((text) => text.startsWith('{')) ?? '{}') as Record<string, unknown>;
}

async function count(sql: string): Promise<number> {
  const [row] = await service.database.query<{ count: string }[]>(`select count(*) from ${sql}`);
  return Number(row?.count);
}

const offer = {
  id: 'o1',
  offer_type: 'bogo',
  reward: 10,
  difficulty: 10,
  duration: 7,
  channels: ['email', 'mobile', 'social'],
};
const profile = (id: string) => ({ id, age: 44, gender: 'M', income: 50_000, became_member_on: '20170101' });
const told = (person: string, event: string, time: number, value: object) => ({ person, event, time, value });

async function putStarbucks(transcript: readonly object[]): Promise<void> {
  await mkdir(join(folder, 'starbucks'), { recursive: true });
  const lines = (rows: readonly object[]) => gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'));
  await writeFile(join(folder, 'starbucks', 'portfolio.ndjson.gz'), lines([offer]));
  await writeFile(join(folder, 'starbucks', 'profile.ndjson.gz'), lines([profile('p1'), profile('p2')]));
  await writeFile(join(folder, 'starbucks', 'transcript.ndjson.gz'), lines(transcript));
}

const history = [
  told('p1', 'offer received', 0, { 'offer id': 'o1' }),
  told('p1', 'offer viewed', 6, { 'offer id': 'o1' }),
  told('p1', 'transaction', 30, { amount: 12.5 }),
  told('p1', 'offer completed', 30, { offer_id: 'o1', reward: 10 }),
  told('p2', 'transaction', 36, { amount: 3 }),
];

describe('nba import starbucks', () => {
  it('puts people, catalogue, consent, events, features and touches where live data would', async () => {
    await putStarbucks(history);
    const report = await run('starbucks', '--dir', folder);
    expect(report).toMatchObject({ accounts: 2, consents: 3, accepted: 5, duplicates: 0 });

    const { authorization } = await service.key(['read']);
    const get = (path: string) => service.http.get(`/api/v1${path}`).set({ authorization });
    const action = await get('/actions/bogo-10-for-10-7d').expect(200);
    expect(action.body).toMatchObject({ name: 'Buy one get one 10, 7 days', outcomeId: 'complete' });
    const consents = await get('/contacts/p1/consents').expect(200);
    expect(consents.body.history).toHaveLength(3);
    expect(consents.body.history[0]).toMatchObject({ source: 'import', status: 'granted' });
    const features = await get('/accounts/p1/features').expect(200);
    expect(features.body.items).toContainEqual(expect.objectContaining({ name: 'orders', value: 1 }));
    expect(await count(`touches where account_id = 'p1' and channel_id = 'social' and state = 'sent'`)).toBe(
      1,
    );
  });

  it('run again adds nothing, not even to the ledger of consent', async () => {
    const report = await run('starbucks', '--dir', folder);
    expect(report).toMatchObject({ accepted: 0, duplicates: 5 });
    expect(await count('events')).toBe(5);
    expect(await count('consent_facts')).toBe(3);
    expect(await count('touches')).toBe(1);
  });

  it('imports nothing of a file with a broken row, and says which', async () => {
    await putStarbucks([...history, told('p2', 'transaction', 42, { amount: 'much' })]);
    await expect(run('starbucks', '--dir', folder)).rejects.toThrow(
      'transcript.ndjson.gz, line 6: "value.amount" must be a number, not "much"\nNothing was imported.',
    );
    expect(await count('events')).toBe(5);
  });

  it('says where it looked for files that are not there', async () => {
    await expect(run('starbucks', '--dir', join(folder, 'nowhere'))).rejects.toThrow(
      /nowhere.*cannot be read.*NBA_DATA_DIR/,
    );
  });
});

describe('nba import file', () => {
  async function file(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
    return path;
  }

  const run = (...args: string[]): Promise<CommandResult> =>
    nba(['import', 'file', ...args, '--json'], { DATABASE_URL: service.databaseUrl, NBA_LOG_LEVEL: 'error' });

  it('takes accounts from CSV and their events from packed NDJSON', async () => {
    const accounts = await file(
      'accounts.csv',
      'accountId,name,kind\nacme,Acme,company\nzeta,Zeta,company\n',
    );
    const taken = await run('--kind', 'accounts', accounts);
    expect(taken).toMatchObject({ code: 0 });
    expect(JSON.parse(taken.stdout)).toMatchObject({ accepted: 2, rejectedCount: 0 });
    const event = {
      messageId: 'm1',
      name: 'Page Viewed',
      accountId: 'acme',
      occurredAt: '2026-01-05T10:00:00Z',
    };
    const events = await file('events.ndjson.gz', `${JSON.stringify(event)}\n`);
    const args = ['--kind', 'events', '--source', 'crm', events] as const;
    expect(JSON.parse((await run(...args)).stdout)).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(JSON.parse((await run(...args)).stdout)).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('keeps the good rows, names the line of the others and exits with 1', async () => {
    const path = await file('some.csv', 'accountId,name,kind\nfine,Fine,company\nbad,Bad,planet\n');
    const { code, stdout, stderr } = await run('--kind', 'accounts', path);
    expect(code).toBe(1);
    expect(stderr).toContain('1 rows of some.csv were refused');
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, rejected: [{ line: 3, pointer: '/kind' }] });
    expect(await count(`accounts where account_id = 'fine'`)).toBe(1);
  });

  it('refuses wrong columns and unknown kinds by name', async () => {
    const path = await file('wrong.csv', 'accountId,colour\nacme,red\n');
    const [columns, kind, missing] = await Promise.all([
      run('--kind', 'accounts', path),
      run('--kind', 'planets', path),
      run('--kind', 'accounts', join(folder, 'none.csv')),
    ]);
    expect([columns.code, kind.code, missing.code]).toEqual([1, 1, 1]);
    expect(columns.stderr).toMatch(/line 1: .*colour/);
    expect(kind.stderr).toMatch(/"planets" cannot be imported; the kinds are/);
    expect(missing.stderr).toMatch(/none.csv cannot be read/);
  });

  it('leaves no key behind', async () => {
    expect(await count(`api_keys where revoked_at is null and 'consent' = any (scopes)`)).toBe(0);
  });
});
