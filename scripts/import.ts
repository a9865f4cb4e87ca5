import type { INestApplicationContext } from '@nestjs/common';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { CatalogueEditor } from '../src/catalogue/index.js';
import { ConsentLedger } from '../src/consent/index.js';
import {
  type ImportPlan,
  type ImportStage,
  type ImportSummary,
  importTarget,
  readOnlineRetail,
  readPega,
  readStarbucks,
  runImport,
  UnreadableFile,
} from '../src/importers/index.js';
import { withService } from '../src/main.js';
import { IngestEvents, RecordConsent } from '../src/workflows/index.js';
import { registerImportFile } from './import-file.js';
import { bold, CommandFailed, commandConfig, printResult, say, table } from './terminal.js';

const dataSets = {
  starbucks: { read: readStarbucks, about: '17,000 persons, 10 offers over 4 channels, 306,534 events' },
  pega: { read: readPega, about: '10,000 customers, 8 cards by SMS and on the web, with outcomes' },
  'online-retail': { read: readOnlineRetail, about: '4,372 customers, a year of orders' },
} as const;

interface ImportOptions {
  dir?: string;
  limit?: number;
  json?: boolean;
}

export function registerImport(program: Command): void {
  const verb = program
    .command('import')
    .description(
      'Read a public data set, or a file of your own, into the service through the same paths as live data.',
    );
  for (const [name, { read, about }] of Object.entries(dataSets)) {
    verb
      .command(name)
      .description(about)
      .option('--dir <folder>', 'folder that holds the data sets (else NBA_DATA_DIR, else ../shared/data)')
      .option('--limit <number>', 'only the first so many accounts, each with its whole history', countOf)
      .option('--json', 'print one JSON object')
      .addHelpText(
        'after',
        `\nExamples:\n  $ npm run nba -- import ${name}\n  $ npm run nba -- import ${name} --limit 500 --json`,
      )
      .action((options: ImportOptions) => importDataSet(read, options));
  }
  registerImportFile(verb);
}

export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('must be a whole number from 1');
  return count;
}

async function importDataSet(
  read: (folder: string, options: { limit?: number }) => Promise<ImportPlan>,
  options: ImportOptions,
): Promise<void> {
  const config = commandConfig();
  const plan = await nothingWritten(() => read(options.dir ?? config.dataDir, { limit: options.limit }));
  const { accounts, events, consents } = plan.counts;
  say(`${bold(plan.name)}: ${accounts} accounts, ${events} events, ${consents} consents read and checked`);
  const report = await withService(config, (app) => writePlan(app, plan), { role: 'api' });
  printResult(options.json, report, () => describeImport(report));
  if (report.quarantined.count > 0)
    throw new CommandFailed(`${report.quarantined.count} events were set aside, see above`);
}

async function nothingWritten(read: () => Promise<ImportPlan>): Promise<ImportPlan> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new CommandFailed(`${cause.message}\nNothing was imported.`);
    throw cause;
  }
}

export interface ImportReport extends ImportSummary {
  /** Seconds that the events took, from the first call to the last answer. */
  seconds: number;
  eventsPerSecond: number;
}

/** Writes a plan through the service's own paths, with a progress bar on standard error. */
export async function writePlan(
  app: INestApplicationContext,
  plan: ImportPlan,
  { lanes = LANES }: { lanes?: number } = {},
): Promise<ImportReport> {
  const parts = {
    editor: app.get(CatalogueEditor, { strict: false }),
    ledger: app.get(ConsentLedger, { strict: false }),
    consent: app.get(RecordConsent, { strict: false }),
    ingest: app.get(IngestEvents, { strict: false }),
  };
  const bar = new ImportBar();
  let done = 0;
  try {
    const target = importTarget(parts, `import:${plan.name}`);
    const summary = await runImport(plan, target, {
      batch: BATCH,
      lanes,
      progress: (stage, count, total) => {
        if (stage === 'events') done = count;
        bar.show(stage, count, total);
      },
    });
    const seconds = bar.secondsOf('events');
    return { ...summary, seconds, eventsPerSecond: Math.round(done / Math.max(seconds, 0.001)) };
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new CommandFailed(`${cause.message}\n${done} events were imported; running it again continues.`);
  } finally {
    bar.end();
  }
}

/** Events in one call, and calls under way at once: more gains nothing on two cores. */
const BATCH = 2000;
const LANES = 2;

class ImportBar {
  private bar: SingleBar | null = null;
  private stage: ImportStage | null = null;
  private since = performance.now();
  private readonly took = new Map<ImportStage, number>();

  show(stage: ImportStage, done: number, total: number): void {
    if (stage !== this.stage) {
      this.end();
      this.stage = stage;
      const format = ` ${stage.padEnd(9)} {bar} {value}/{total}  {rate}/s`;
      this.bar = new SingleBar(
        { format, stream: process.stderr, noTTYOutput: false },
        Presets.shades_classic,
      );
      this.bar.start(total, 0, { rate: 0 });
    }
    const seconds = (performance.now() - this.since) / 1000;
    this.took.set(stage, seconds);
    this.bar?.update(done, { rate: Math.round(done / Math.max(seconds, 0.001)) });
  }

  /** From the end of the stage before to the last progress of this one. */
  secondsOf(stage: ImportStage): number {
    return Math.round((this.took.get(stage) ?? 0) * 1000) / 1000;
  }

  end(): void {
    this.bar?.stop();
    this.bar = null;
    this.since = performance.now();
  }
}

function describeImport(report: ImportReport): string {
  const { quarantined, leftOut } = report;
  const rows: (string | number)[][] = [
    ['accounts', report.accounts],
    ['consents', report.consents],
    ['events taken in', report.accepted],
    ['known already', report.duplicates],
    ['set aside', quarantined.count],
    ['events a second', report.eventsPerSecond],
    ...Object.entries(leftOut).map(([reason, count]) => [`left out: ${reason}`, count]),
  ];
  const examples = quarantined.examples.map(
    ({ messageId, pointer, reason }) => `  ${messageId} ${pointer}: ${reason}`,
  );
  return [`Imported ${report.name}`, table(rows), ...examples].join('\n');
}
