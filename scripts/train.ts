import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { OutcomeId } from '../src/catalogue/index.js';
import { type ModelCard, NotEnoughToLearn } from '../src/learning/index.js';
import { withService } from '../src/main.js';
import {
  type ModelTrained,
  PromoteModel,
  TrainModel,
  type TrainModelProgress,
} from '../src/workflows/index.js';
import { momentOf } from './moments.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';

interface TrainOptions {
  seed?: string;
  asOf?: Date;
  trainUntil?: Date;
  heads?: string;
  promote?: boolean | string;
  force?: boolean;
  json?: boolean;
}

const ACTOR = 'command-line';

export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('Train the response model on what happened after each touch; it becomes a candidate.')
    .option('--seed <text>', 'the same seed and data give the same model', '1')
    .option('--as-of <time>', 'see nothing that happened later (else now)', momentOf)
    .option(
      '--train-until <time>',
      'only touches before this moment; what comes later is kept to judge by',
      momentOf,
    )
    .option('--heads <ids>', 'only these outcomes, separated by commas')
    .option('--promote [reason]', 'let it serve if it may; the first model needs a reason')
    .option('--force', 'with --promote: although it is not proven to be no worse')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm run nba -- train\n  $ npm run nba -- train --promote "first model, checked by hand"\n' +
        '  $ npm run nba -- train --train-until 2018-01-21 --json',
    )
    .action(async (options: TrainOptions) => {
      const { trained, promotion } = await withService(commandConfig(), async (app) => {
        const model = await run(app.get(TrainModel, { strict: false }), options);
        if (options.promote === undefined) return { trained: model, promotion: null };
        const reason = typeof options.promote === 'string' ? options.promote : null;
        const asked = { reason, force: options.force ?? false, actor: ACTOR };
        return {
          trained: model,
          promotion: await app.get(PromoteModel, { strict: false }).promote(model.version, asked),
        };
      });
      const promoted = promotion?.ok ?? false;
      printResult(options.json, { ...trained, promoted }, () => describe(trained, promoted));
      if (promotion && !promotion.ok) throw new CommandFailed(promotion.error.detail);
    });
}

async function run(workflow: TrainModel, options: TrainOptions): Promise<ModelTrained> {
  const bar = new TrainingBar();
  try {
    return await workflow.run(
      {
        actor: ACTOR,
        ...(options.seed && { seed: options.seed }),
        ...(options.asOf && { asOf: options.asOf }),
        ...(options.trainUntil && { to: options.trainUntil }),
        ...(options.heads && { heads: options.heads.split(',').map((head) => head.trim() as OutcomeId) }),
      },
      (progress) => bar.show(progress),
    );
  } catch (cause) {
    if (cause instanceof NotEnoughToLearn) throw new CommandFailed(cause.message);
    throw cause;
  } finally {
    bar.end();
  }
}

/** One bar a stage, on standard error. */
export class TrainingBar {
  private bar: SingleBar | null = null;
  private stage = '';

  show(progress: TrainModelProgress): void {
    if (progress.step === 'dataset') {
      this.stageIs('history', progress.total);
      this.bar?.update(progress.done, { told: 'accounts' });
      return;
    }
    const { phase, competitor, epoch, epochs, loss, validation } = progress;
    this.stageIs(phase === 'refit' ? `${competitor}, all rows` : competitor, epochs);
    const held = validation === null ? '' : `, held out ${validation.toFixed(4)}`;
    this.bar?.update(epoch, { told: `epochs  loss ${loss.toFixed(4)}${held}` });
  }

  end(): void {
    this.bar?.stop();
    this.bar = null;
  }

  private stageIs(stage: string, total: number): void {
    if (stage === this.stage) return;
    this.end();
    this.stage = stage;
    const format = ` ${stage.padEnd(18)} {bar} {value}/{total} {told}`;
    this.bar = new SingleBar({ format, stream: process.stderr, noTTYOutput: false }, Presets.shades_classic);
    this.bar.start(total, 0, { told: '' });
  }
}

/** Figures of the held-out slice, one line an outcome and competitor. */
export function describeCard(card: ModelCard): string {
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined ? '-' : value.toFixed(4);
  const rows = Object.entries(card.metrics).flatMap(([competitor, outcomes]) =>
    Object.entries(outcomes).map(([outcome, metrics]) => [
      outcome,
      competitor === card.winner ? `${competitor} *` : competitor,
      metrics.rows,
      metrics.positives,
      figure(metrics.auc),
      figure(metrics.logLoss),
      figure(metrics.brier),
      figure(metrics.ece),
    ]),
  );
  rows.sort((a, b) => String(a[0]).localeCompare(String(b[0])));
  return table([['OUTCOME', 'MODEL', 'ROWS', 'POSITIVES', 'AUC', 'LOG-LOSS', 'BRIER', 'ECE'], ...rows]);
}

function describe({ version, card }: ModelTrained, promoted: boolean): string {
  return [
    `Model ${version} (${card.name}): ${card.winner} wins; ${card.because}`,
    `${card.data.rows} touches of ${card.data.accounts} accounts, ${card.data.from ?? '?'} to ${card.data.to ?? '?'}`,
    describeCard(card),
    ...card.limits.map((limit) => `  ! ${limit}`),
    promoted
      ? 'It serves from now on.'
      : `It is a candidate. Let it serve: npm run nba -- models promote ${version} --reason "…"`,
  ].join('\n');
}
