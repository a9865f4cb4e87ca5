import type { Command } from 'commander';
import {
  evaluateSendTime,
  type HourMetrics,
  type SendTimeEvaluation,
  type TimedEvent,
} from '../src/insights/index.js';
import { columnsOf, readTable } from './table-file.js';
import { CommandFailed, printResult, say, table } from './terminal.js';

interface SendTimeOptions {
  input: string;
  drop: string[];
  json?: boolean;
}

/** `nba evaluate send-time`: needs no service and no database. */
export function registerEvaluateSendTime(evaluate: Command): void {
  evaluate
    .command('send-time')
    .description(
      'At which hour of the week contacts respond, on a file of their responses, beside the week of all.',
    )
    .requiredOption('--input <file>', 'CSV with columns contact, timestamp; gzip allowed')
    .option('--drop <columns>', 'columns to leave out: a,b', columnsOf, [])
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe last 20 % of the time judges. Hours of the week are in UTC.\n\nExample:\n  $ npm run nba -- evaluate send-time --input opens.csv.gz --json',
    )
    .action(async ({ input, drop, json }: SendTimeOptions) => {
      const { rows } = await readTable(input, { required: ['contact', 'timestamp'], drop });
      say(`${rows.length} events read`);
      const events = rows.map((row): TimedEvent => ({
        contact: row.required('contact'),
        at: row.time('timestamp'),
      }));
      const evaluation = judged(events, input);
      printResult(json, evaluation, () => describe(evaluation));
    });
}

function judged(events: readonly TimedEvent[], path: string): SendTimeEvaluation {
  try {
    return evaluateSendTime(events);
  } catch (cause) {
    if (cause instanceof RangeError) throw new CommandFailed(`${path}: ${cause.message}`);
    throw cause;
  }
}

const PLACES = 4;

function describe(evaluation: SendTimeEvaluation): string {
  const { events, contacts, settings, weekOfAll } = evaluation;
  const row = (name: string, { hitAt1, hitAt3, logLoss }: HourMetrics): string[] => [
    name,
    ...[hitAt1, hitAt3, logLoss].map((value) => value.toFixed(PLACES)),
  ];
  return [
    `${events} events of ${contacts} contacts; shrinkage worth ${settings.prior} events`,
    table([
      ['HOURS OF', 'HIT@1', 'HIT@3', 'LOG-LOSS'],
      row('each contact, shrunk to all', evaluation),
      row('all', weekOfAll),
    ]),
  ].join('\n');
}
