import type { Command } from 'commander';
import {
  exportModel,
  type GateJudgement,
  importModel,
  ModelFolderInvalid,
  type ModelEntry,
  ModelRegistry,
} from '../src/learning/index.js';
import { withService } from '../src/main.js';
import { Clock } from '../src/shared/index.js';
import { PromoteModel } from '../src/workflows/index.js';
import { registerShadow } from './models-shadow.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';
import { describeCard } from './train.js';

const ACTOR = 'command-line';
const MOST_LISTED = 500;

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('See, exchange, promote and roll back trained models.');
  registerReads(models);
  registerExchange(models);
  registerPromotions(models);
  registerShadow(models);
}

function registerReads(models: Command): void {
  models
    .command('list')
    .description('All models, newest first.')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const list = await withService(commandConfig(), (app) =>
        app.get(ModelRegistry, { strict: false }).page(MOST_LISTED),
      );
      printResult(json, { items: list }, () => describeList(list));
    });
  models
    .command('show <version>')
    .description('The card of one model.')
    .option('--json', 'print one JSON object')
    .action(async (version: string, { json }: { json?: boolean }) => {
      const model = await withService(commandConfig(), (app) =>
        app.get(ModelRegistry, { strict: false }).find(version),
      );
      if (!model) throw unknown(version);
      printResult(json, model, () => describeModel(model));
    });
}

function registerExchange(models: Command): void {
  models
    .command('export <version>')
    .description('Write a model to <folder>/<name>/<version>: model.json, weights.bin, card.json.')
    .option('--to <folder>', 'folder of exported models', 'models')
    .option('--json', 'print one JSON object')
    .action(async (version: string, { to, json }: { to: string; json?: boolean }) => {
      const path = await withService(commandConfig(), async (app) => {
        const registry = app.get(ModelRegistry, { strict: false });
        const [model, packed] = [await registry.find(version), await registry.artefact(version)];
        if (!model || !packed) throw unknown(version);
        return exportModel(to, { packed, card: model.card });
      });
      printResult(json, { version, path }, () => `Model ${version} is in ${path}`);
    });
  models
    .command('import <folder>')
    .description('Take in an exported model; it becomes a candidate under the same version.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- models import models/response/0123456789abcdef')
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const version = await withService(commandConfig(), async (app) => {
        const createdAt = app.get(Clock, { strict: false }).now();
        return app.get(ModelRegistry, { strict: false }).add({ ...(await exported(folder)), createdAt });
      });
      printResult(json, { version }, () => `Model ${version} is a candidate.`);
    });
}

function registerPromotions(models: Command): void {
  models
    .command('judge <version>')
    .description('What the champion’s own decisions say of a model, as the gate of promotion reads them.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- models judge 0123456789abcdef')
    .action(async (version: string, { json }: { json?: boolean }) => {
      const judged = await withService(commandConfig(), (app) =>
        app.get(PromoteModel, { strict: false }).judge(version, (decisions) => {
          process.stderr.write(`\r ${decisions} decisions`);
        }),
      );
      process.stderr.write('\r');
      if (!judged.ok) throw new CommandFailed(judged.error.detail);
      printResult(json, { version, judgement: judged.value }, () => describeJudgement(judged.value));
    });
  models
    .command('promote <version>')
    .description('Let a model serve, if it is proven no worse than the champion; else say why it should.')
    .option(
      '--reason <text>',
      'why; needed for a first model, where the log does not settle it, and with --force',
    )
    .option('--force', 'although it is not proven to be no worse')
    .option('--json', 'print one JSON object')
    .action(async (version: string, options: { reason?: string; force?: boolean; json?: boolean }) => {
      const asked = { reason: options.reason ?? null, force: options.force ?? false, actor: ACTOR };
      const promoted = await withService(commandConfig(), (app) =>
        app.get(PromoteModel, { strict: false }).promote(version, asked),
      );
      if (!promoted.ok) throw new CommandFailed(promoted.error.detail);
      printResult(options.json, promoted.value, () => `Model ${version} serves from now on.`);
    });
  models
    .command('rollback <version>')
    .description('Take the champion out of service; what it took the place of serves again.')
    .option('--reason <text>', 'why')
    .option('--json', 'print one JSON object')
    .action(async (version: string, options: { reason?: string; json?: boolean }) => {
      const done = await withService(commandConfig(), (app) =>
        app
          .get(PromoteModel, { strict: false })
          .rollback(version, { reason: options.reason ?? null, actor: ACTOR }),
      );
      if (!done.ok) throw new CommandFailed(done.error.detail);
      const now = done.value.champion?.version;
      printResult(options.json, done.value, () =>
        now ? `Model ${now} serves again.` : 'The fallback rules serve again.',
      );
    });
}

async function exported(folder: string) {
  try {
    return await importModel(folder);
  } catch (cause) {
    if (cause instanceof ModelFolderInvalid) throw new CommandFailed(cause.message);
    throw cause;
  }
}

function unknown(version: string): CommandFailed {
  return new CommandFailed(`There is no model "${version}". See: npm run nba -- models list`);
}

function describeList(list: readonly ModelEntry[]): string {
  if (list.length === 0)
    return 'No model has been trained: the fallback rules serve. Train one: npm run nba -- train';
  return table([
    ['VERSION', 'NAME', 'STATE', 'WINNER', 'ROWS', 'TRAINED'],
    ...list.map(({ version, name, state, shadowSince, card }) => [
      version,
      name,
      shadowSince ? `${state}, in shadow` : state,
      card.winner,
      card.data.rows,
      card.trainedAt,
    ]),
  ]);
}

function describeModel({ version, state, card, reason, unproven }: ModelEntry): string {
  return [
    `Model ${version} (${card.name}), ${state}${unproven ? ', unproven' : ''}${reason ? `: ${reason}` : ''}`,
    `trained ${card.trainedAt} with seed ${card.seed} on ${card.data.rows} touches of ${card.data.accounts} accounts`,
    `${card.winner} won: ${card.because}`,
    describeCard(card),
    ...card.limits.map((limit) => `  ! ${limit}`),
  ].join('\n');
}

function describeJudgement(judgement: GateJudgement | null): string {
  if (!judgement) return 'There is no other champion to compare it with.';
  const { verdict, decisions, accounts, inShadow, difference, margin, championValue, calibrationGap } =
    judgement;
  if (verdict === 'no-log')
    return 'The champion decided nothing since this model was trained of which the outcome is known.';
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(4));
  const row = (what: string, { value, low, high }: GateJudgement['difference']) => [
    what,
    figure(value),
    figure(low),
    figure(high),
  ];
  return [
    `${verdict}, on ${decisions} decisions for ${accounts} accounts after its training${inShadow > 0 ? `, ${inShadow} of them made in shadow` : ''}; the champion earned ${figure(championValue)} a decision, the margin is ${figure(margin)}`,
    table([
      ['', 'VALUE', 'LOW', 'HIGH'],
      row('challenger less champion, a decision', difference),
      row('predicted less what happened', calibrationGap),
      ...judgement.worseSegments.map((segment) => row(`segment ${segment.segment}`, segment.difference)),
    ]),
    judgement.decisionsNeeded === null
      ? ''
      : `About ${judgement.decisionsNeeded} decisions would tell a difference of 5 %.`,
  ].join('\n');
}
