import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import { csvRow, exportColumns, rewardKinds, type RewardKind } from '../src/learning/index.js';
import { withService } from '../src/main.js';
import { addDays, Clock } from '../src/shared/index.js';
import { ExportDecisions } from '../src/workflows/index.js';
import { momentOf } from './moments.js';
import { CommandFailed, commandConfig, say } from './terminal.js';

interface ExportOptions {
  from?: Date;
  to?: Date;
  format: 'ndjson' | 'csv';
  policy: string;
  reward: RewardKind;
  includeOpen?: boolean;
  output?: string;
}

const USUAL_DAYS = 30;

export function registerDecisions(program: Command): void {
  const decisions = program.command('decisions').description('The log of every answer that was given.');
  decisions
    .command('export')
    .description(
      'The log as nba evaluate ope reads it: what was in the first place, with which probability, what came of it, and what another policy would have done.',
    )
    .option('--from <time>', 'decisions from here on (else 30 days before --to)', momentOf)
    .option('--to <time>', 'and before this (else now)', momentOf)
    .addOption(new Option('--format <name>', 'of the rows').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--policy <name>', 'evaluation policy: logged, greedy, rules, or model:<version>', 'logged')
    .addOption(
      new Option('--reward <kind>', 'what counts: value of outcomes, outcomes, or value less cost')
        .choices([...rewardKinds])
        .default('value'),
    )
    .option('--include-open', 'also decisions of which something may still come')
    .option('--output <file>', 'write there (else to standard output)')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- decisions export --format csv --policy greedy --output log.csv\n  $ npm run nba -- evaluate ope --input log.csv',
    )
    .action(async (options: ExportOptions) => {
      const count = await withService(commandConfig(), (app) =>
        write(app.get(ExportDecisions, { strict: false }), app.get(Clock, { strict: false }).now(), options),
      );
      say(`${count} decisions`);
    });
}

async function write(decisions: ExportDecisions, now: Date, options: ExportOptions): Promise<number> {
  const { policy, reward, format, output } = options;
  const to = options.to ?? now;
  const from = options.from ?? addDays(to, -USUAL_DAYS);
  const rows = await decisions.rows({ from, to, policy, reward, includeOpen: options.includeOpen ?? false });
  if (!rows.ok) throw new CommandFailed(rows.error);
  const out: Writable = output === undefined ? process.stdout : createWriteStream(output);
  const failed = new Promise<never>((_done, fail) => out.once('error', fail));
  const put = async (line: string) => {
    if (!out.write(`${line}\n`)) await Promise.race([once(out, 'drain'), failed]);
  };
  let count = 0;
  if (format === 'csv') await put(exportColumns.join(','));
  for await (const row of rows.value) {
    await put(format === 'csv' ? csvRow(row) : JSON.stringify(row));
    count += 1;
  }
  if (output !== undefined) {
    out.end();
    await Promise.race([once(out, 'finish'), failed]);
  }
  return count;
}
