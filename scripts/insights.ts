import type { Command } from 'commander';
import type { Publication } from '../src/insights/index.js';
import { withService } from '../src/main.js';
import { Clock } from '../src/shared/index.js';
import { PublishInsights } from '../src/workflows/index.js';
import { momentOf } from './moments.js';
import { CommandFailed, commandConfig, printResult, say, table } from './terminal.js';

export function registerInsights(program: Command): void {
  program
    .command('insights')
    .description('Slower knowledge that is published as features, such as the next product.')
    .command('publish')
    .description('Compute every insight from what was bought and put it in force, as before the nightly run.')
    .option('--as-of <time>', 'read purchases before this moment only (else now)', momentOf)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- insights publish')
    .action(async ({ asOf, json }: { asOf?: Date; json?: boolean }) => {
      const publications = await withService(commandConfig(), async (app) => {
        const at = asOf ?? app.get(Clock, { strict: false }).now();
        const workflow = app.get(PublishInsights, { strict: false });
        const done = await workflow.run(at, ({ insight, accounts }) =>
          say(`${insight}: ${accounts} accounts`),
        );
        if (done.underWay.length > 0)
          throw new CommandFailed(`another process is publishing ${done.underWay.join(', ')} right now`);
        return done.publications;
      });
      printResult(json, { items: publications }, () => describePublications(publications));
    });
}

function describePublications(publications: readonly Publication[]): string {
  return table([
    ['INSIGHT', 'VERSION', 'AS OF', 'ACCOUNTS', 'PURCHASES'],
    ...publications.map(({ insight, version, asOf, accounts, purchases }) => [
      insight,
      version,
      asOf.toISOString(),
      accounts,
      purchases,
    ]),
  ]);
}
