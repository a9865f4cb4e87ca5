import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '../../src/shared/index.js';
import { LearnFromOutcomes } from '../../src/workflows/index.js';
import { promoteFlatModel } from '../support/flat-model.js';
import { startTestService, type TestService } from '../support/service.js';
import { type AnsweredSuggestion, startTerritory, type Territory } from '../support/territory.js';

interface TrialRow {
  trial_id: string;
  action_id: string;
  label: number | null;
  counted_label: number | null;
  counted_weight: number;
  suggestion_id: string;
  value: number | null;
}

let service: TestService;
let territory: Territory;
let learn: LearnFromOutcomes;

beforeEach(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('accounts/other', { name: 'Other', kind: 'company', country: 'DE', locale: 'en' });
  await territory.put('contacts/kim', { accountId: 'other', name: 'Dr. Kim' });
  await territory.put('accounts/other/team/mia', {});
  learn = service.app.get(LearnFromOutcomes, { strict: false });
  await learned();
}, 60_000);

afterEach(async () => {
  await service?.close();
});

const learned = () => learn.runDue(service.clock.now());
const trials = () =>
  service.database.query<TrialRow[]>(
    `select trial_id, action_id, label, counted_label, counted_weight, suggestion_id, value from trials order by started_at, trial_id`,
  );
const evidence = () =>
  service.database.query<{ action_id: string; weight: number; positives: number }[]>(
    'select action_id, weight, positives from head_evidence order by action_id',
  );

async function visitSuggested(): Promise<AnsweredSuggestion> {
  const { suggestions } = await territory.recommend({ fresh: true });
  const visit = suggestions.find(({ channelId }) => channelId === 'visit');
  if (!visit) throw new Error('no visit is suggested');
  return visit;
}

/** Of the same action on the same channel, for another account: nothing has happened there. */
async function propensityOf({ action, channelId }: AnsweredSuggestion): Promise<number> {
  const { candidates = [] } = await territory.recommend({
    accountId: 'other',
    explain: true,
    dryRun: true,
  });
  const found = candidates.find((one) => one.actionId === action.id && one.channelId === channelId);
  return found?.propensity ?? NaN;
}

async function visited(suggestion: AnsweredSuggestion, more: object = {}): Promise<void> {
  service.clock.advance(MINUTE);
  const named = {
    channel: 'visit',
    actionId: suggestion.action.id,
    productId: suggestion.productId ?? undefined,
  };
  await territory.event('Visit Logged', { ...named, suggestionId: suggestion.suggestionId, ...more });
}

const replied = (suggestion: AnsweredSuggestion) =>
  territory.event('Email Replied', { actionId: suggestion.action.id });

describe('from an outcome to the next score', () => {
  it('awaits the outcome of a touch that carried a suggestion out', async () => {
    const suggestion = await visitSuggested();
    await visited(suggestion);
    expect(await learned()).toMatchObject({ accounts: 1, published: true });
    const [trial, ...others] = await trials();
    expect(others).toEqual([]);
    expect(trial).toMatchObject({
      suggestion_id: suggestion.suggestionId,
      action_id: suggestion.action.id,
      label: null,
      counted_label: 0,
    });
    expect(trial?.counted_weight).toBeLessThan(0.1);
  });

  it('raises the score of the action when the outcome comes, for other accounts too', async () => {
    const suggestion = await visitSuggested();
    const before = await propensityOf(suggestion);
    await visited(suggestion);
    await learned();
    service.clock.advance(HOUR);
    await replied(suggestion);
    await learned();
    expect(await trials()).toMatchObject([{ label: 1, counted_label: 1, counted_weight: 1 }]);
    expect(await propensityOf(suggestion)).toBeGreaterThan(before + 0.02);
  });

  it('lowers the score when the window closes without it', async () => {
    const suggestion = await visitSuggested();
    const before = await propensityOf(suggestion);
    await visited(suggestion);
    await learned();
    service.clock.advance(14 * DAY + HOUR);
    await learned();
    expect(await trials()).toMatchObject([{ label: 0, counted_label: 0, counted_weight: 1 }]);
    expect(await propensityOf(suggestion)).toBeLessThan(before - 0.005);
  });

  it('takes the negative back when an outcome of the window is told late', async () => {
    const suggestion = await visitSuggested();
    await visited(suggestion);
    const during = new Date(service.clock.now().getTime() + 3 * DAY).toISOString();
    service.clock.advance(16 * DAY);
    await learned();
    await territory.event('Email Replied', { actionId: suggestion.action.id }, { occurredAt: during });
    await learned();
    expect(await trials()).toMatchObject([{ label: 1, counted_label: 1, counted_weight: 1 }]);
    const [row] = await evidence();
    expect(row?.positives).toBeCloseTo(row?.weight ?? NaN, 9);
  });

  it('counts each trial once, whatever is told twice and however often it looks', async () => {
    const suggestion = await visitSuggested();
    await visited(suggestion);
    await replied(suggestion);
    await replied(suggestion);
    await learned();
    await learned();
    const report = {
      outcomeRef: 'r1',
      outcomeId: 'reply',
      accountId: 'clinic',
      contactId: 'jones',
      value: 70,
      occurredAt: service.clock.now().toISOString(),
      suggestionId: suggestion.suggestionId,
    };
    for (let sent = 0; sent < 2; sent += 1) {
      await service.http
        .post('/api/v1/outcomes')
        .set({ authorization: territory.authorization })
        .send(report)
        .expect(sent === 0 ? 201 : 200);
    }
    await learned();
    const [row, ...others] = await evidence();
    expect(others).toEqual([]);
    expect(row?.weight).toBeCloseTo(1, 3);
    expect(row?.positives).toBeCloseTo(1, 3);
    expect(await trials()).toMatchObject([{ label: 1, value: 70 }]);
  });

  it('counts a suggestion that was reported as completed, until that is taken back', async () => {
    const suggestion = await visitSuggested();
    const responses = `/api/v1/suggestions/${suggestion.suggestionId}/responses`;
    const { body } = await service.http
      .post(responses)
      .set({ authorization: territory.authorization })
      .send({ kind: 'completed' });
    await learned();
    expect(await trials()).toMatchObject([{ trial_id: suggestion.suggestionId, label: null }]);
    await service.http
      .delete(`${responses}/${body.responseId}`)
      .set({ authorization: territory.authorization })
      .expect((answer) => {
        if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      });
    await learned();
    expect(await trials()).toEqual([]);
    for (const { weight } of await evidence()) expect(weight).toBeCloseTo(0, 9);
  });

  it('counts a touch that names its suggestion and nothing else', async () => {
    const suggestion = await visitSuggested();
    service.clock.advance(MINUTE);
    await territory.event('Visit Logged', { suggestionId: suggestion.suggestionId });
    await learned();
    expect(await trials()).toMatchObject([
      { action_id: suggestion.action.id, suggestion_id: suggestion.suggestionId },
    ]);
  });

  it('counts everything anew for a model that is promoted, from what was logged', async () => {
    const suggestion = await visitSuggested();
    await visited(suggestion);
    await replied(suggestion);
    await learned();
    const version = await promoteFlatModel(service);
    await learned();
    const rows = await service.database.query<{ model: string; weight: number; positives: number }[]>(
      'select model, weight, positives from head_evidence',
    );
    expect(rows).toMatchObject([{ model: `response:${version}` }]);
    expect(rows[0]?.positives).toBeCloseTo(1, 3);
    // the flat model says one half of everything; one reply moves it up
    expect(await propensityOf(suggestion)).toBeGreaterThan(0.51);
  });

  it('does not look at events that no outcome is defined by', async () => {
    await territory.event('Page Viewed', { topic: 'dosage', channel: 'web' });
    expect(await service.database.query('select * from outcome_inbox')).toEqual([]);
  });

  it('logs the head and what it added, so that the score replays', async () => {
    const suggestion = await visitSuggested();
    const without = await propensityOf(suggestion);
    await visited(suggestion);
    await replied(suggestion);
    await learned();
    const answer = await territory.recommend({ accountId: 'other', fresh: true });
    const { DecisionLog } = await import('../../src/recommender/index.js');
    const log = service.app.get(DecisionLog, { strict: false });
    const [decision] = await log.find([
      { accountId: 'other' as never, decisionId: answer.decisionId as never },
    ]);
    expect(decision?.versions.head).toMatch(/^\d+$/);
    const arm = decision?.arms.find(
      ({ candidate }) => candidate?.actionId === suggestion.action.id,
    )?.candidate;
    expect(arm?.correction).toBeGreaterThan(0.05);
    const logit = Math.log(without / (1 - without)) + (arm?.correction ?? NaN);
    expect(Math.abs((arm?.propensity ?? NaN) - 1 / (1 + Math.exp(-logit)))).toBeLessThan(1e-5);
    expect(decision?.draw.gamma).toBeGreaterThan(40);
  });
});
