import type { Command } from 'commander';
import { AuditChain, type Verification } from '../src/access/index.js';
import { withService } from '../src/main.js';
import { commandConfig, printResult } from './terminal.js';

export function registerAudit(program: Command): void {
  const audit = program.command('audit').description('The trail of who changed what.');
  audit
    .command('verify')
    .description('Check that the trail stands as it was written; the exit code is 1 when it does not.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- audit verify')
    .action(async (options: { json?: boolean }) => {
      const verified = await withService(commandConfig(), async (app) => {
        const chain = app.get(AuditChain, { strict: false });
        await chain.seal();
        return chain.verify();
      });
      printResult(options.json, verified, () => describe(verified));
      if (!verified.intact) process.exitCode = 1;
    });
}

function describe({ broken, sealed, erased, unsealed, head }: Verification): string {
  if (broken)
    return `The trail is broken at seal ${broken.position}, entry ${broken.entryId}: ${broken.problem}. Everything before it stands.`;
  const counts = `${sealed} entries are sealed (${erased} erased since), ${unsealed} wait`;
  return `The trail stands: ${counts}.${head ? `\nNewest seal: ${head.position} ${head.seal}` : ''}`;
}
