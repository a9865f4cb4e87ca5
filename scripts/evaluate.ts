import type { Command } from 'commander';
import { withService } from '../src/main.js';
import { type Evaluated, EvaluateModel } from '../src/workflows/index.js';
import { registerEvaluateClv } from './evaluate-clv.js';
import { registerEvaluateBanditReplay } from './evaluate-bandit-replay.js';
import { registerEvaluateHoldout } from './evaluate-holdout.js';
import { registerEvaluatePropensity } from './evaluate-propensity.js';
import { registerEvaluateNextProduct } from './evaluate-next-product.js';
import { registerEvaluateSendTime } from './evaluate-send-time.js';
import { registerEvaluateOpe } from './evaluate-ope.js';
import { registerEvaluateUplift } from './evaluate-uplift.js';
import { momentOf } from './moments.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';
import { TrainingBar } from './train.js';

interface ResponseOptions {
  model?: string;
  from: Date;
  to?: Date;
  asOf?: Date;
  json?: boolean;
}

export function registerEvaluate(program: Command): void {
  const evaluate = program
    .command('evaluate')
    .description('Judge what the engine predicts against what happened.');
  evaluate
    .command('response')
    .description(
      'The response model on touches from a moment on, beside the base rate and the mean of each action.',
    )
    .requiredOption('--from <time>', 'judge touches from here on', momentOf)
    .option('--to <time>', 'and before this', momentOf)
    .option('--as-of <time>', 'see nothing that happened later (else now)', momentOf)
    .option('--model <version>', 'else the champion')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- evaluate response --from 2018-01-21 --json')
    .action(async (options: ResponseOptions) => {
      const bar = new TrainingBar();
      const { model, from, to, asOf, json } = options;
      try {
        const answer = await withService(commandConfig(), (app) =>
          app
            .get(EvaluateModel, { strict: false })
            .run(
              { from, ...(model && { version: model }), ...(to && { to }), ...(asOf && { asOf }) },
              (done, total) => bar.show({ step: 'dataset', done, total }),
            ),
        );
        bar.end();
        if (!answer.ok) throw new CommandFailed(answer.error);
        printResult(json, answer.value, () => describe(answer.value));
      } finally {
        bar.end();
      }
    });
  registerEvaluatePropensity(evaluate);
  registerEvaluateNextProduct(evaluate);
  registerEvaluateClv(evaluate);
  registerEvaluateSendTime(evaluate);
  registerEvaluateOpe(evaluate);
  registerEvaluateBanditReplay(evaluate);
  registerEvaluateHoldout(evaluate);
  registerEvaluateUplift(evaluate);
}

function describe({ version, rows, heads }: Evaluated): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(4));
  const between = (value: string, { low, high }: { low: number | null; high: number | null }) =>
    low === null ? value : `${value} (${figure(low)}-${figure(high)})`;
  const lines = heads.flatMap(({ outcomeId, model, baseRate, byAction, compared }) =>
    Object.entries({ model, 'mean of each action': byAction, 'base rate': baseRate }).map(
      ([name, metrics]) => [
        outcomeId,
        name,
        metrics.rows,
        name === 'model' && compared.models['model']
          ? between(figure(metrics.auc), compared.models['model'].auc)
          : figure(metrics.auc),
        name === 'model' && compared.models['model']
          ? between(figure(metrics.logLoss), compared.models['model'].logLoss)
          : figure(metrics.logLoss),
        figure(metrics.brier),
        figure(metrics.ece),
        figure(metrics.liftAt10),
      ],
    ),
  );
  return [
    `Model ${version} on ${rows} touches`,
    table([['OUTCOME', 'BY', 'ROWS', 'AUC', 'LOG-LOSS', 'BRIER', 'ECE', 'LIFT@10%'], ...lines]),
  ].join('\n');
}
