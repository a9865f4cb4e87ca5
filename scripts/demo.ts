import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { Keys, SignInLinks } from '../src/access/index.js';
import { standardTriggerRules } from '../src/alerts/index.js';
import { type AccountId, Accounts } from '../src/catalogue/index.js';
import { ADA_JONES, endOf, LAST_MESSAGE, readingNow, type Territory, territory } from '../src/demo/index.js';
import { EventLog } from '../src/events/index.js';
import { ModelRegistry, NotEnoughToLearn } from '../src/learning/index.js';
import type { Config } from '../src/config.js';
import { type RunningService, signInUrl, startService, stopOnSignals } from '../src/main.js';
import { Rescoring, RescoringRuns, type Run } from '../src/rescoring/index.js';
import { addDays, Clock, SECOND } from '../src/shared/index.js';
import {
  EditTriggerRules,
  EvaluateModel,
  IngestEvents,
  PromoteModel,
  TrainModel,
} from '../src/workflows/index.js';
import {
  type DemoReport,
  describeDemo,
  type Quality,
  qualityOf,
  type Recommended,
  type Story,
} from './demo-report.js';
import { countOf, writePlan } from './import.js';
import { follow, refresh } from './rescore.js';
import { portNumber } from './serve.js';
import { bold, CommandFailed, commandConfig, dim, printResult, say } from './terminal.js';
import { TrainingBar } from './train.js';

interface DemoOptions {
  exit?: boolean;
  accounts?: number;
  port?: number;
  json?: boolean;
}

const ACTOR = 'demo';

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'Simulated data: a pharma territory of 300 doctors, loaded, learned from and decided for; then the service runs.',
    )
    .option('--exit', 'stop after the summary')
    .option('--accounts <number>', 'a smaller territory, for a quick look', countOf)
    .option('--port <number>', 'port to listen on (else NBA_PORT, else 3000)', portNumber)
    .option('--json', 'print the summary as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm run demo\n  $ npm run demo -- --exit\n  $ npm run demo -- --exit --json',
    )
    .action(async (options: DemoOptions) => {
      const config = commandConfig();
      const port = options.exit ? 0 : (options.port ?? config.port);
      const service = await startService({ ...config, port, role: 'all' });
      try {
        const report = await runDemo(service, options.accounts);
        printResult(options.json, report, () => describeDemo(report));
      } catch (cause) {
        await service.stop();
        throw cause;
      }
      if (options.exit) return service.stop();
      stopOnSignals(service, say);
      say(
        `\n  Sign in as the account manager of Dr. Ada Jones (once, within 15 minutes):\n    ${await signInLink(service, config)}`,
      );
      say(
        dim('  Another: npm run nba -- sign-in-link --member <memberId>; without --member: the operator.\n'),
      );
      say(
        dim(
          'While it runs somebody reads something now and then; in 20 seconds Dr. Jones does: look at the alerts.',
        ),
      );
      say(dim('The service runs until it is stopped (Ctrl-C).'));
      goOnReading(service, options.accounts);
    });
}

const FIRST_READING_MS = 20 * SECOND;
const READING_EVERY_MS = 45 * SECOND;

/** The life of the territory goes on, event by event, until the process ends. */
function goOnReading({ app }: RunningService, accounts?: number): void {
  const ingest = app.get(IngestEvents, { strict: false });
  const clock = app.get(Clock, { strict: false });
  const read = (n: number): void => {
    const item = readingNow(n, clock.now(), { accounts });
    ingest
      .run([item], { origin: 'live', recordedBy: ACTOR, publicKey: false })
      .catch((cause: unknown) => say(`A simulated event was lost: ${String(cause)}`));
    setTimeout(read, READING_EVERY_MS, n + 1).unref();
  };
  setTimeout(read, FIRST_READING_MS, 0).unref();
}

/** Loads, learns, decides; each step that was done before is left as it is. */
async function runDemo(service: RunningService, accounts?: number): Promise<DemoReport> {
  const started = performance.now();
  const { app, url } = service;
  say(`${bold('Simulated data')}: a pharma territory that was made up, people and medicines included.`);
  const { made, loading } = await load(app, accounts);
  const quality = await learn(app, made);
  await refresh(app);
  const run = await decideForAll(app);
  const scopes = ['read', 'score', 'feedback'] as const;
  const { key } = await app
    .get(Keys, { strict: false })
    .create({ scopes: [...scopes], memberId: null, source: null }, ACTOR);
  const stories = await tell(app, (accountId) => recommend(url, key, accountId));
  return {
    simulated: true,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    accounts: await app.get(Accounts, { strict: false }).count(),
    ...loading,
    ...quality,
    run: { state: run.state, accounts: run.total, accountsPerSecond: run.ratePerSecond, ...run.tally },
    stories,
    url,
    key,
  };
}

/** For the desk of the manager who looks after the story's doctor. */
async function signInLink({ app, url }: RunningService, { publicUrl }: Config): Promise<string> {
  const [dossier] = await app.get(Accounts, { strict: false }).dossiers([ADA_JONES as AccountId]);
  const manager = dossier?.team.find(({ role }) => role === 'account-manager')?.memberId ?? null;
  const token = await app.get(SignInLinks, { strict: false }).create(manager, ACTOR);
  return signInUrl(publicUrl ?? url, token);
}

type Loading = Pick<DemoReport, 'events' | 'eventsPerSecond' | 'loadedBefore' | 'until'>;

async function load(
  app: INestApplicationContext,
  accounts?: number,
): Promise<{ made: Territory; loading: Loading }> {
  const before = await loadedUntil(app);
  const until = before ?? app.get(Clock, { strict: false }).now();
  const made = territory(until, { accounts });
  const { counts } = made.plan;
  const known = { events: counts.events, until: until.toISOString() };
  const present = await app.get(Accounts, { strict: false }).count();
  if (before && present >= counts.accounts) {
    return { made, loading: { ...known, loadedBefore: true, eventsPerSecond: null } };
  }
  await app.get(EditTriggerRules, { strict: false }).saveChecked(standardTriggerRules, ACTOR);
  // One lane, so that the last event of the plan is the last one to be written.
  const { eventsPerSecond, quarantined } = await writePlan(app, made.plan, { lanes: 1 });
  if (quarantined.count > 0) throw new CommandFailed(`${quarantined.count} events were set aside`);
  return { made, loading: { ...known, loadedBefore: false, eventsPerSecond } };
}

/** When the history of a territory that is there already ends; null when there is none, or its end is missing. */
async function loadedUntil(app: INestApplicationContext): Promise<Date | null> {
  const query = { names: ['Page Viewed'], limit: 50 };
  const events = await app.get(EventLog, { strict: false }).page(ADA_JONES as AccountId, query);
  const last = events.find(({ messageId }) => messageId === LAST_MESSAGE);
  return last ? endOf(last.occurredAt) : null;
}

/** Touches of the last days are kept from the training, to judge the model and the truth on the same ones. */
const JUDGED_DAYS = 35;

async function learn(app: INestApplicationContext, made: Territory): Promise<Quality> {
  const asOf = made.until;
  const from = addDays(asOf, -JUDGED_DAYS);
  const registry = app.get(ModelRegistry, { strict: false });
  const served = (await registry.champion()) ?? null;
  const version = served?.version ?? (await train(app, asOf, from));
  const judged = await app.get(EvaluateModel, { strict: false }).run({ version, from, asOf });
  if (!judged.ok) throw new CommandFailed(judged.error);
  return qualityOf(version, judged.value.heads, made.truth, { from, asOf });
}

async function train(app: INestApplicationContext, asOf: Date, to: Date): Promise<string> {
  const bar = new TrainingBar();
  try {
    const wanted = { asOf, to, actor: ACTOR };
    const { version } = await app
      .get(TrainModel, { strict: false })
      .run(wanted, (progress) => bar.show(progress));
    const reason = 'first model of the simulated territory, judged beside the known truth';
    const asked = { reason, force: false, actor: ACTOR };
    const promoted = await app.get(PromoteModel, { strict: false }).promote(version, asked);
    if (!promoted.ok) throw new CommandFailed(promoted.error.detail);
    return version;
  } catch (cause) {
    if (cause instanceof NotEnoughToLearn) throw new CommandFailed(cause.message);
    throw cause;
  } finally {
    bar.end();
  }
}

/** The nightly run, by hand; one that today has already is shown again. */
async function decideForAll(app: INestApplicationContext): Promise<Run> {
  const runs = app.get(RescoringRuns, { strict: false });
  const started = await app.get(Rescoring, { strict: false }).start({ startedBy: ACTOR });
  if (!started.ok && started.error.code !== 'already-run') throw new CommandFailed(started.error.detail);
  const [last] = await runs.list(1);
  const runId = started.ok ? started.value.runId : last?.runId;
  if (!runId) throw new CommandFailed('there is no run to show');
  const run = await follow(runs, runId);
  if (run.state !== 'published')
    throw new CommandFailed(`the run is ${run.state}: ${run.problem ?? 'no reason told'}`);
  return run;
}

/** Accounts that are asked about at most, until something is suggested for one. */
const MOST_STORIES = 20;

/** The story's doctor first. */
async function tell(
  app: INestApplicationContext,
  ask: (accountId: AccountId) => Promise<Recommended>,
): Promise<Story[]> {
  const accounts = app.get(Accounts, { strict: false });
  const ada = ADA_JONES as AccountId;
  const others = (await accounts.idsAfter(null, MOST_STORIES)).filter((accountId) => accountId !== ada);
  const stories: Story[] = [];
  for (const { account } of await accounts.dossiers([ada, ...others])) {
    const story = { account: account.name ?? account.accountId, answer: await ask(account.accountId) };
    const silent = story.answer.suggestions.length === 0;
    if (!silent || stories.length === 0) stories.push(story);
    if (!silent) break;
  }
  return stories;
}

/** Asked as a CRM would ask. */
async function recommend(url: string, key: string, accountId: AccountId): Promise<Recommended> {
  const response = await fetch(`${url}/api/v1/recommendations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ accountId, limit: 3 }),
  });
  if (!response.ok)
    throw new CommandFailed(`the service answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Recommended;
}
