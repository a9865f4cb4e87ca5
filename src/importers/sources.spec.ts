import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOnlineRetail, readPega, readStarbucks } from './index.js';
import { retailColumns } from './online-retail/lines.js';
import { pegaColumns } from './pega/rows.js';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'nba-import-'));
});
afterEach(() => rm(data, { recursive: true }));

async function put(folder: string, file: string, lines: readonly string[]): Promise<void> {
  await mkdir(join(data, folder), { recursive: true });
  await writeFile(join(data, folder, file), gzipSync(`${lines.join('\n')}\n`));
}

const offer = {
  reward: 5,
  channels: ['web', 'email'],
  difficulty: 20,
  duration: 10,
  offer_type: 'discount',
  id: 'o1',
};
const profile = (id: string, age = 55) => ({
  gender: 'F',
  age,
  id,
  became_member_on: '20170715',
  income: 112000,
});
const received = (person: string, time: number) => ({
  person,
  event: 'offer received',
  value: { 'offer id': 'o1' },
  time,
});

async function starbucks(transcript: readonly (object | string)[]): Promise<void> {
  await put('starbucks', 'portfolio.ndjson.gz', [JSON.stringify(offer)]);
  await put(
    'starbucks',
    'profile.ndjson.gz',
    [profile('p1'), profile('p2', 118)].map((row) => JSON.stringify(row)),
  );
  const lines = transcript.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  await put('starbucks', 'transcript.ndjson.gz', lines);
}

describe('reading the Starbucks files', () => {
  it('makes accounts with what was told, events, and a grant for each opt-in channel that was used', async () => {
    await starbucks([received('p1', 0), '', received('p1', 168), received('p2', 168)]);
    const plan = await readStarbucks(data);
    expect(plan.counts).toEqual({ accounts: 2, events: 3, consents: 2, leftOut: {} });
    expect(plan.people.accounts.map(({ attributes }) => attributes)).toEqual([
      { age: 55, gender: 'F', income: 112000, memberSince: '2017-07-15' },
      { gender: 'F', income: 112000, memberSince: '2017-07-15' },
    ]);
    expect(plan.consents).toMatchObject([
      { contactId: 'p1', statement: { channelId: 'email', effectiveAt: new Date('2018-07-26T00:00:00Z') } },
      { contactId: 'p2', statement: { channelId: 'email', effectiveAt: new Date('2018-08-02T00:00:00Z') } },
    ]);
    expect([...plan.events].map(({ messageId }) => messageId)).toEqual([
      'transcript-0000001',
      'transcript-0000003',
      'transcript-0000004',
    ]);
  });

  it('gives the same items every time they are asked for', async () => {
    await starbucks([received('p1', 0), received('p2', 6)]);
    const plan = await readStarbucks(data);
    expect([...plan.events]).toEqual([...plan.events]);
  });

  it('keeps whole histories of the first persons when limited', async () => {
    await starbucks([received('p2', 0), received('p1', 6), received('p1', 12)]);
    const plan = await readStarbucks(data, { limit: 1 });
    expect(plan.counts).toMatchObject({
      accounts: 1,
      events: 2,
      leftOut: { 'rows of persons beyond --limit': 1 },
    });
  });

  it.each<[string, object | string, string]>([
    ['not JSON', '{"person":', 'transcript.ndjson.gz, line 2: is not JSON'],
    [
      'an unknown event',
      { ...received('p1', 6), event: 'offer eaten' },
      'line 2: "event" must be one of offer received',
    ],
    [
      'an unknown offer',
      { ...received('p1', 6), value: { 'offer id': 'x' } },
      'line 2: offer "x" is not in portfolio',
    ],
    ['an unknown person', received('p9', 6), 'line 2: person "p9" is not in profile'],
    ['time that goes back', received('p1', 1), 'line 2: "time" goes back from 5 to 1'],
  ])('names file and line of %s', async (_what, row, problem) => {
    await starbucks([received('p1', 5), row]);
    await expect(readStarbucks(data)).rejects.toThrow(problem);
  });

  it('says where it looked when there is no such file', async () => {
    await expect(readStarbucks(data)).rejects.toThrow(/portfolio.ndjson.gz: cannot be read.*NBA_DATA_DIR/);
  });

  it('says so when the file was cut off', async () => {
    await starbucks([received('p1', 5)]);
    const whole = gzipSync(JSON.stringify(received('p1', 5)).repeat(50));
    await writeFile(join(data, 'starbucks', 'transcript.ndjson.gz'), whole.subarray(0, 40));
    await expect(readStarbucks(data)).rejects.toThrow('transcript.ndjson.gz: unexpected end of file');
  });
});

describe('reading the Pega file', () => {
  const folder = 'pega-interaction-history';
  const file = 'interaction_history.csv.gz';
  const fields: Record<(typeof pegaColumns)[number], string> = {
    CustomerID: 'Customer-1',
    pyChannel: 'SMS',
    pyName: 'VisaGold',
    pyLabel: 'Visa Gold Card',
    pyTreatment: '',
    pyPropensity: '0.1',
    pyOutcome: 'Clicked',
    pxRank: '1',
    pxOutcomeTime: '20210127T132203.201 GMT',
    pxDecisionTime: '20210127T132205.810 GMT',
    ModelControlGroup: 'Test',
  };
  const csv = (changes: Partial<typeof fields> = {}): string =>
    pegaColumns.map((column) => ({ ...fields, ...changes })[column]).join(',');

  it('makes a touch and its response, and a grant from the first SMS', async () => {
    await put(folder, file, [
      pegaColumns.join(','),
      csv(),
      csv({ pyChannel: '', pyName: '', pyOutcome: 'Loyal' }),
    ]);
    const plan = await readPega(data);
    expect(plan.counts).toEqual({
      accounts: 1,
      events: 2,
      consents: 1,
      leftOut: { 'rows without channel, which are no contacts': 1 },
    });
    expect(plan.consents[0]?.statement).toMatchObject({
      channelId: 'sms',
      effectiveAt: new Date('2021-01-27T13:22:03.201Z'),
    });
  });

  it('names the columns that the header lacks', async () => {
    await put(folder, file, ['CustomerID,pyChannel,pyName', 'a,b,c']);
    await expect(readPega(data)).rejects.toThrow('line 1: the header lacks pyLabel, pyTreatment');
  });

  it('names the line of a row that is wrong', async () => {
    await put(folder, file, [pegaColumns.join(','), csv(), csv({ pxRank: 'first' })]);
    await expect(readPega(data)).rejects.toThrow(
      'interaction_history.csv.gz, line 3: "pxRank" must be a number, not "first"',
    );
  });

  it('names the line of a row that is too short', async () => {
    await put(folder, file, [pegaColumns.join(','), csv(), 'Customer-2,SMS']);
    await expect(readPega(data)).rejects.toThrow('line 3: has 2 fields, too few for "pyName"');
  });
});

describe('reading the Online Retail file', () => {
  it('makes an account of every customer, also of one whose only order was cancelled', async () => {
    await put('online-retail', 'online_retail.csv.gz', [
      retailColumns.join(','),
      '536365,85123A,"HEART, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
      'C536379,85123A,HEART,-1,2010-12-01 09:41:00,2.55,14527.0,EIRE',
      '536400,85123A,HEART,1,2010-12-01 09:41:00,2.55,,United Kingdom',
    ]);
    const plan = await readOnlineRetail(data);
    expect(plan.people.accounts).toMatchObject([
      { accountId: '17850', country: 'GB', timeZone: 'Europe/London', segment: 'domestic' },
      { accountId: '14527', country: 'IE', timeZone: 'Europe/Dublin', segment: 'europe' },
    ]);
    expect(plan.counts).toMatchObject({ events: 1, leftOut: { 'no customer': 1, 'cancelled invoice': 1 } });
  });
});
