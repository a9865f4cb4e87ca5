import type { Command } from 'commander';
import { ConfigInvalid, readConfig, settings } from '../src/config.js';
import { withService } from '../src/main.js';
import { Champion } from '../src/recommender/index.js';
import { CommandFailed, commandConfig, green, printResult, table, yellow } from './terminal.js';

interface Finding {
  check: string;
  ok: boolean;
  detail: string;
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look at this installation: configuration, database, schema, model; exit code 1 when something is wrong.',
    )
    .option('--json', 'print one JSON object')
    .option('--database-url', 'with --json: also the address of the database, with its password')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- doctor')
    .action(async (options: { json?: boolean; databaseUrl?: boolean }) => {
      const { findings, databaseUrl } = await examine();
      printResult(options.json, { findings, ...(options.databaseUrl ? { databaseUrl } : {}) }, () =>
        table(
          findings.map((finding) => [
            finding.ok ? green('ok') : yellow('wrong'),
            finding.check,
            finding.detail,
          ]),
        ),
      );
      if (findings.some((finding) => !finding.ok)) throw new CommandFailed('something is wrong, see above');
    });
}

async function examine(): Promise<{ findings: Finding[]; databaseUrl: string | null }> {
  let databaseUrl: string | null = null;
  const findings: Finding[] = [{ check: 'node', ok: true, detail: process.version }, configuration()];
  if (findings.some((finding) => !finding.ok)) return { findings, databaseUrl };
  try {
    await withService(commandConfig(), async (app, { database }) => {
      databaseUrl = database.url;
      const [row] = await database.database.query<{ version: string }[]>('select version()');
      findings.push({
        check: 'database',
        ok: true,
        detail: `${database.embedded ? 'embedded, ' : ''}${row?.version ?? ''}`.slice(0, 60),
      });
      findings.push({
        check: 'schema',
        ok: !(await database.database.showMigrations()),
        detail: 'migrations are applied',
      });
      const model = await app.get(Champion, { strict: false }).current();
      findings.push({ check: 'model', ok: true, detail: `${model.name} ${model.version}` });
    });
  } catch (cause) {
    findings.push({
      check: 'database',
      ok: false,
      detail: cause instanceof Error ? cause.message : String(cause),
    });
  }
  return { findings, databaseUrl };
}

function configuration(): Finding {
  try {
    readConfig();
    const set = Object.values(settings).filter(({ variable }) => process.env[variable]);
    return {
      check: 'configuration',
      ok: true,
      detail: set.length === 0 ? 'all defaults' : set.map(({ variable }) => variable).join(', '),
    };
  } catch (cause) {
    if (!(cause instanceof ConfigInvalid)) throw cause;
    return { check: 'configuration', ok: false, detail: cause.problems.join('; ') };
  }
}
