import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const DEADLINE_MILLISECONDS = 20_000;

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('accounts/other', { name: 'Other', kind: 'company', country: 'DE', locale: 'en' });
  await territory.put('contacts/kim', { accountId: 'other', name: 'Dr. Kim' });
  await territory.put('accounts/other/team/mia', {});
}, 60_000);

afterAll(async () => {
  await service?.close();
});

async function propensityOf(actionId: string, channelId: string): Promise<number> {
  const { candidates = [] } = await territory.recommend({ accountId: 'other', explain: true, dryRun: true });
  return (
    candidates.find((one) => one.actionId === actionId && one.channelId === channelId)?.propensity ?? NaN
  );
}

describe('a process that works', () => {
  it('learns from an outcome without being asked, and the next question is answered by it', async () => {
    const { suggestions } = await territory.recommend({ fresh: true });
    const [first] = suggestions;
    if (!first) throw new Error('nothing is suggested');
    const { action, channelId } = first;
    const before = await propensityOf(action.id, channelId);
    service.clock.advance(MINUTE);
    await territory.event('Visit Logged', {
      channel: channelId,
      actionId: action.id,
      suggestionId: first.suggestionId,
    });
    service.clock.advance(HOUR);
    await territory.event('Email Replied', { actionId: action.id });
    const until = Date.now() + DEADLINE_MILLISECONDS;
    let after = before;
    while (!(after > before + 0.02) && Date.now() < until) {
      await pause(100);
      after = await propensityOf(action.id, channelId);
    }
    expect(after).toBeGreaterThan(before + 0.02);
    expect(await service.database.query('select * from outcome_inbox')).toEqual([]);
  }, 60_000);
});
