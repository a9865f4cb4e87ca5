import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoReport } from '../../scripts/demo-report.js';
import { type CommandResult, nba } from '../support/command-line.js';
import { createTestDatabase } from '../support/database.js';

const ACCOUNTS = 60;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let first: CommandResult;
const demo = (...args: string[]): Promise<CommandResult> =>
  nba(['demo', '--exit', '--accounts', String(ACCOUNTS), ...args], { DATABASE_URL: database.url });

beforeAll(async () => {
  database = await createTestDatabase();
  first = await demo('--json');
}, 180_000);
afterAll(() => database.close());

describe('nba demo', () => {
  it('goes from behaviour to explained suggestions in one command, and says that its data is simulated', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('Simulated data');
    const report = JSON.parse(first.stdout) as DemoReport;
    expect(report).toMatchObject({ simulated: true, accounts: ACCOUNTS, loadedBefore: false });
    expect(report.events).toBeGreaterThan(5000);
    expect(report.run).toMatchObject({ state: 'published', decided: ACCOUNTS });
    expect(Object.keys(report.run.suggestionsByChannel).length).toBeGreaterThan(2);
    expect(report.run.suppressedByRule).toHaveProperty('consent');
    const [suggestion] = report.stories.flatMap(({ answer }) => answer.suggestions);
    expect(suggestion?.reasons.length).toBeGreaterThan(0);
    expect(suggestion?.reasons[0]?.evidence.length).toBeGreaterThan(0);
  });

  it('judges model, references and truth on the same touches', () => {
    const { quality } = JSON.parse(first.stdout) as DemoReport;
    const responded = quality.find(({ outcome }) => outcome === 'responded');
    expect(responded?.touches).toBeGreaterThan(100);
    expect(responded?.truthTouches).toBe(responded?.touches);
    expect(responded?.truth.auc).toBeGreaterThan(0.7);
    expect(responded?.truth.logLoss).toBeLessThan(responded?.model.logLoss ?? 0);
  });

  it('run again shows the same territory, and in words what it printed as an object', async () => {
    const again = await demo();
    expect(again.code).toBe(0);
    const { events } = JSON.parse(first.stdout) as DemoReport;
    expect(again.stdout).toContain(`events     ${events.toLocaleString('en')}`);
    expect(again.stdout).toContain('loaded by an earlier run');
    expect(again.stdout).toContain('the truth itself');
    expect(again.stdout).toMatch(/curl -s http:\/\/127\.0\.0\.1:\d+\/api\/v1\/recommendations/);
  });
});
