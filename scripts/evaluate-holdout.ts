import { type Command, Option } from 'commander';
import type { Comparison } from '../src/learning/index.js';
import { withService } from '../src/main.js';
import { addDays, Clock } from '../src/shared/index.js';
import {
  type HoldoutOfPeriod,
  type HoldoutPeriod,
  holdoutPeriods,
  type HoldoutReport,
  ReportHoldout,
} from '../src/workflows/index.js';
import { momentOf } from './moments.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';

interface HoldoutOptions {
  from?: Date;
  to?: Date;
  by: HoldoutPeriod;
  seed: string;
  json?: boolean;
}

const USUAL_DAYS = 90;
const PLACES = 4;

export function registerEvaluateHoldout(evaluate: Command): void {
  evaluate
    .command('holdout')
    .description(
      'What serving the model has caused: accounts it serves beside those that are served the declared rules.',
    )
    .option('--from <time>', 'outcomes from here on (else 90 days before --to)', momentOf)
    .option('--to <time>', 'and before this (else now)', momentOf)
    .addOption(new Option('--by <period>', 'also by period').choices([...holdoutPeriods]).default('week'))
    .option('--seed <text>', 'seed of the resampling', '1')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm run nba -- evaluate holdout --from 2026-09-01 --by month --json',
    )
    .action(async ({ by, seed, json, ...range }: HoldoutOptions) => {
      const report = await withService(commandConfig(), (app) => {
        const to = range.to ?? app.get(Clock, { strict: false }).now();
        const from = range.from ?? addDays(to, -USUAL_DAYS);
        if (from >= to) throw new CommandFailed('--from must be before --to');
        return app.get(ReportHoldout, { strict: false }).run({ from, to, by, seed });
      });
      printResult(json, report, () => describe(report));
    });
}

function describe({ share, accounts, overall, periods }: HoldoutReport): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
  const row = (name: string, what: string, { treated, holdout, uplift }: Comparison) => [
    name,
    what,
    figure(treated),
    figure(holdout),
    figure(uplift.value),
    figure(uplift.low),
    figure(uplift.high),
  ];
  const rows = (name: string, { outcomes, value, byOutcome }: HoldoutOfPeriod) => [
    row(name, 'outcomes', outcomes),
    row(name, 'value', value),
    ...Object.entries(byOutcome).map(([outcomeId, one]) => row(name, outcomeId, one)),
  ];
  return [
    `Per account: ${accounts.treated} treated beside ${accounts.holdout} held out (share ${share})`,
    table([
      ['PERIOD', 'OF', 'TREATED', 'HOLDOUT', 'UPLIFT', 'LOW', 'HIGH'],
      ...rows('all', overall),
      ...periods.flatMap((period) => rows(period.from.toISOString().slice(0, 10), period)),
    ]),
  ].join('\n');
}
