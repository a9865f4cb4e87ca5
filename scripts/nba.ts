import { Command } from 'commander';
import { ConfigInvalid } from '../src/config.js';
import { registerAudit } from './audit.js';
import { registerDecisions } from './decisions.js';
import { registerDemo } from './demo.js';
import { registerDoctor } from './doctor.js';
import { registerEvaluate } from './evaluate.js';
import { registerImport } from './import.js';
import { registerIncremental } from './incremental.js';
import { registerInsights } from './insights.js';
import { registerKeys } from './keys.js';
import { registerModels } from './models.js';
import { registerOpenApi } from './openapi.js';
import { registerRescore } from './rescore.js';
import { registerServe } from './serve.js';
import { registerSignInLink } from './sign-in-link.js';
import { registerTrain } from './train.js';
import { CommandFailed } from './terminal.js';

/** The command line: one verb a file. */
const program = new Command('nba')
  .description(
    'Next-best-action engine: whom to contact next, about what, through which channel and when, and why.',
  )
  .showHelpAfterError('(add --help to see the options and examples)')
  .configureHelp({ sortSubcommands: true });

for (const register of [
  registerAudit,
  registerDemo,
  registerServe,
  registerSignInLink,
  registerKeys,
  registerImport,
  registerIncremental,
  registerInsights,
  registerTrain,
  registerModels,
  registerEvaluate,
  registerDecisions,
  registerDoctor,
  registerOpenApi,
  registerRescore,
]) {
  register(program);
}

try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommandFailed || cause instanceof ConfigInvalid)
    process.stderr.write(`nba: ${cause.message}\n`);
  else
    process.stderr.write(`nba: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  process.exitCode = 1;
}
