import type { Command } from 'commander';
import { SignInLinks } from '../src/access/index.js';
import { signInUrl, withService } from '../src/main.js';
import { CommandFailed, commandConfig, printResult } from './terminal.js';

export function registerSignInLink(program: Command): void {
  program
    .command('sign-in-link')
    .description('Make a link that lets somebody in to the desk: once, within 15 minutes.')
    .option('--member <memberId>', 'who signs in; without it the operator, who may do everything')
    .option('--url <url>', 'where the service is reached (else NBA_PUBLIC_URL, else NBA_HOST and NBA_PORT)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- sign-in-link --member mia')
    .action(async (options: { member?: string; url?: string; json?: boolean }) => {
      const config = commandConfig();
      const base = options.url ?? config.publicUrl ?? `http://${config.host}:${config.port}`;
      if (!URL.canParse(base))
        throw new CommandFailed(`--url must be a URL such as https://nba.example.com, not "${base}"`);
      const token = await withService(config, (app) =>
        app
          .get(SignInLinks, { strict: false })
          .create(options.member ?? null, 'command-line')
          .catch((cause: Error) => {
            throw new CommandFailed(cause.message);
          }),
      );
      const url = signInUrl(base, token);
      printResult(options.json, { url, memberId: options.member ?? null }, () => url);
    });
}
