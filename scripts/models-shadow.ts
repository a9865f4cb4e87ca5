import type { Command } from 'commander';
import type { OutcomesBeside, ShadowFigures } from '../src/learning/index.js';
import { withService } from '../src/main.js';
import { ReportShadow, ShadowModel, type ShadowReport } from '../src/workflows/index.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';

const ACTOR = 'command-line';
const PLACES = 4;

/** `nba models shadow` and `nba models shadow-report`. */
export function registerShadow(models: Command): void {
  models
    .command('shadow <version>')
    .description('Let a model decide beside the champion, unseen.')
    .option('--stop', 'take it out of shadow')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- models shadow 0123456789abcdef')
    .action(async (version: string, { stop, json }: { stop?: boolean; json?: boolean }) => {
      const done = await withService(commandConfig(), async (app) => {
        const shadows = app.get(ShadowModel, { strict: false });
        return stop ? shadows.stop(version, ACTOR) : shadows.start(version, ACTOR);
      });
      if (!done.ok) throw new CommandFailed(done.error.detail);
      printResult(json, done.value ?? { version }, () =>
        stop
          ? `Model ${version} is no longer in shadow.`
          : `Model ${version} is in shadow: what it would do is kept, and nobody sees it.`,
      );
    });
  models
    .command('shadow-report <version>')
    .description('What a model would have done while it was in shadow, beside what the champion did.')
    .option('--json', 'print one JSON object')
    .action(async (version: string, { json }: { json?: boolean }) => {
      const report = await withService(commandConfig(), (app) =>
        app.get(ReportShadow, { strict: false }).run(version),
      );
      if (!report) throw new CommandFailed(`Model ${version} has never been in shadow.`);
      printResult(json, report, () => describeReport(report));
    });
}

type Figure = ShadowFigures['agreement']['first'];

const number = (value: number | null) => (value === null ? '-' : value.toFixed(PLACES));
const row = (what: string, { value, low, high }: Figure) => [what, number(value), number(low), number(high)];

function describeReport(report: ShadowReport): string {
  const { version, startedAt, endedAt, endedBecause, champion, errors, skipped, milliseconds } = report;
  const { decisions, accounts, withoutChoice, ofOtherChampions, outcomes } = report;
  const since = `in shadow since ${startedAt.toISOString()}`;
  const until = endedAt ? ` until ${endedAt.toISOString()} (${endedBecause ?? ''})` : '';
  const counts = `${errors} errors, ${skipped} skipped, ${ofOtherChampions} beside champions before`;
  if (champion === null)
    return `Model ${version}, ${since}${until}: nothing was decided meanwhile; ${counts}.`;
  return [
    `Model ${version}, ${since}${until}`,
    `beside ${champion}: ${decisions} decisions for ${accounts} accounts, ${withoutChoice} without a choice; ${counts}`,
    milliseconds
      ? `a decision took it ${milliseconds.mean.toFixed(2)} ms (median ${milliseconds.median.toFixed(2)}, 95 % below ${milliseconds.p95.toFixed(2)}), after the answer`
      : '',
    figures(report),
    outcomes ? describeOutcomes(outcomes) : 'No outcome is known yet of what was carried out.',
  ].join('\n');
}

function figures({ agreement, propensity }: ShadowReport): string {
  const group = (kind: string) => (one: { group: string; decisions: number; first: Figure }) =>
    row(`  ${kind} ${one.group} (${one.decisions})`, one.first);
  return table([
    ['', 'VALUE', 'LOW', 'HIGH'],
    row('the same first', agreement.first),
    ...agreement.byChannel.map(group('channel')),
    ...agreement.bySegment.map(group('segment')),
    row('the same drawn', agreement.drawn),
    row('first is none of the champion’s arms', agreement.beyond),
    row('chance of what was drawn, less the champion’s', propensity.difference),
    row('  without its sign', propensity.distance),
  ]);
}

function describeOutcomes({ touches, happened, ...beside }: OutcomesBeside): string {
  const of = (model: 'champion' | 'challenger') => {
    const { gap, ece, logLoss, brier, auc } = beside[model];
    return [
      row(`${model}: predicted less happened`, gap),
      row('  expected calibration error', ece),
      row('  log-loss', logLoss),
      row('  Brier', brier),
      row('  AUC', auc),
    ];
  };
  return [
    `${touches} touches that were carried out and are settled, ${happened} with the outcome`,
    table([
      ['', 'VALUE', 'LOW', 'HIGH'],
      ...of('champion'),
      ...of('challenger'),
      row('log-loss, challenger less champion', beside.logLossDifference),
    ]),
  ].join('\n');
}
