import { type Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../src/config.js';
import { firstSignIn, startService, stopOnSignals } from '../src/main.js';
import { bold, say } from './terminal.js';

const HIGHEST_PORT = 65_535;

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT)
    throw new InvalidArgumentError('must be a whole number from 0 to 65535');
  return port;
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('Run the service until it is stopped (Ctrl-C, SIGTERM).')
    .option('--port <number>', 'port to listen on (else NBA_PORT, else 3000)', portNumber)
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm run nba -- serve\n  $ DATABASE_URL=postgres://… NBA_ROLE=api npm run nba -- serve --port 8080',
    )
    .action(async (options: { port?: number }) => {
      const config = readConfig();
      const service = await startService({ ...config, port: options.port ?? config.port });
      const link = await firstSignIn(service, config);
      say(`${bold('Next best action')} listens at ${service.url}`);
      say(`  API documentation  ${service.url}/docs`);
      say(
        `  database           ${service.database.embedded ? 'embedded PostgreSQL' : 'as DATABASE_URL says'}`,
      );
      if (link)
        say(
          `  sign in            ${link}\n                     (works once, within 15 minutes; another: npm run nba -- sign-in-link)`,
        );
      stopOnSignals(service, say);
    });
}
