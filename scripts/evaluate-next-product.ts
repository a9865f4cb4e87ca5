import { type Command, InvalidArgumentError } from 'commander';
import {
  evaluateNextProduct,
  type NextProductEvaluation,
  type NextProductOf,
  type NextProductProtocol,
  type Purchase,
  type RankingMetrics,
  standardNextProduct,
} from '../src/insights/index.js';
import { countOf } from './import.js';
import { momentOf } from './moments.js';
import { readPurchases } from './purchases-file.js';
import { columnsOf } from './table-file.js';
import { CommandFailed, printResult, say, table } from './terminal.js';

interface NextProductOptions {
  input: string;
  protocol: { kind: 'since'; from: Date } | { kind: 'leave-last-out' };
  only: NextProductOf;
  k: number;
  drop: string[];
  seed: string;
  json?: boolean;
}

/** `nba evaluate next-product`: needs no service and no database. */
export function registerEvaluateNextProduct(evaluate: Command): void {
  evaluate
    .command('next-product')
    .description(
      'What accounts buy next, on a file of purchases, beside popularity, neighbours and own frequency.',
    )
    .requiredOption('--input <file>', 'CSV with columns account, item, timestamp; gzip allowed')
    .option(
      '--protocol <name>',
      'since:<time> (what comes before trains) or leave-last-out (the last moment of each account judges)',
      protocolOf,
      { kind: 'leave-last-out' } as const,
    )
    .option('--only <which>', 'new: products that the account never bought; any: all products', onlyOf, 'any')
    .option('--k <number>', 'length of the list that is judged', countOf, 10)
    .option('--seed <text>', 'of the draws of accounts for the intervals', '1')
    .option('--drop <columns>', 'columns to leave out: a,b', columnsOf, [])
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- evaluate next-product --input purchases.csv.gz --protocol since:2026-06-01 --only new --json',
    )
    .action(async ({ input, protocol, only, k, drop, seed, json }: NextProductOptions) => {
      const started = performance.now();
      const lines = await readPurchases(input, drop);
      say(`${lines.length} purchases read; comparing items takes a while where there are thousands`);
      const evaluation = judged(lines, { ...protocol, only }, k, seed);
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      printResult(json, { ...evaluation, seconds }, () => describe(evaluation));
    });
}

function judged(
  lines: readonly Purchase[],
  protocol: NextProductProtocol,
  k: number,
  seed: string,
): NextProductEvaluation {
  try {
    return evaluateNextProduct(lines, protocol, { k, settings: standardNextProduct, seed });
  } catch (cause) {
    throw new CommandFailed(cause instanceof Error ? cause.message : String(cause));
  }
}

function protocolOf(text: string): NextProductOptions['protocol'] {
  if (text === 'leave-last-out') return { kind: 'leave-last-out' };
  if (text.startsWith('since:')) return { kind: 'since', from: momentOf(text.slice('since:'.length)) };
  throw new InvalidArgumentError('must be leave-last-out, or since:<time> such as since:2026-06-01');
}

function onlyOf(text: string): NextProductOf {
  if (text !== 'new' && text !== 'any') throw new InvalidArgumentError('must be new or any');
  return text;
}

const PLACES = 4;

function describe(evaluation: NextProductEvaluation): string {
  const row = (name: string, metrics: RankingMetrics): (string | number)[] => [
    name,
    ...[metrics.hrAtK, metrics.precisionAtK, metrics.ndcgAtK, metrics.recallAtK].map((value) =>
      value.toFixed(PLACES),
    ),
  ];
  const { k, only, accounts, items } = evaluation;
  return [
    `${only === 'new' ? 'Products new to the account' : 'Any product'}: ${accounts} accounts, ${items} items`,
    table([
      ['RANKED BY', `HR@${k}`, `P@${k}`, `NDCG@${k}`, `RECALL@${k}`],
      row('this engine', evaluation),
      ...Object.entries(evaluation.peers).map(([name, metrics]) => row(name, metrics)),
    ]),
  ].join('\n');
}
