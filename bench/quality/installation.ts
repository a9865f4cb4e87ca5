import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, readConfig } from '../../src/config.js';

/** A command of the product that was run, as it could be typed, and how long it took. */
export interface RanCommand {
  command: string;
  seconds: number;
  exitCode: number | null;
}

/** An installation of its own: an embedded database in a new folder, and the product's commands upon it. */
export interface Installation {
  home: string;
  config: Config;
  ran: RanCommand[];
  /** Runs `nba …args` and gives the JSON that it printed; null when it failed or ran out of time. */
  nba(args: readonly string[], options?: { limitSeconds?: number }): Promise<unknown>;
  remove(): void;
}

const dist = resolve(import.meta.dirname, '../..');
const THREE_PLACES = 1000;

export function newInstallation(dataDir: string): Installation {
  const home = mkdtempSync(join('/var/tmp', 'nba-quality-'));
  // As root the database runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    NBA_HOME: join(home, 'state'),
    NBA_DATA_DIR: dataDir,
    NBA_LOG_LEVEL: 'warn',
    NBA_RESCORING_CRON: '',
    DATABASE_URL: '',
    REDIS_URL: '',
  };
  const ran: RanCommand[] = [];
  const config = readConfig(environment);
  return {
    home,
    config,
    ran,
    nba: async (args, { limitSeconds = 3600 } = {}) => {
      const command = `nba ${args.join(' ')}`;
      process.stderr.write(`${command}\n`);
      const started = performance.now();
      const { output, exitCode } = await run(args, environment, limitSeconds);
      const seconds = Math.round(performance.now() - started) / THREE_PLACES;
      ran.push({ command: shown(command, home, config.dataDir), seconds, exitCode });
      process.stderr.write(`  ${seconds} s, exit code ${exitCode}\n`);
      return output.trim() === '' ? null : (JSON.parse(output) as unknown);
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A command as anybody could type it: no folder of this machine in it. */
const shown = (command: string, home: string, dataDir: string) =>
  command.replaceAll(home, '<home>').replaceAll(dataDir, '../shared/data');

/** After the limit the command is interrupted as by Ctrl-C, so that it can say how far it came. */
function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  limitSeconds: number,
): Promise<{ output: string; exitCode: number | null }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(dist, 'scripts/nba.js'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    const timer = setTimeout(() => child.kill('SIGINT'), limitSeconds * 1000);
    child.once('error', fail);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      done({ output, exitCode });
    });
  });
}

/** What a command printed with `--json`; throws where the benchmark cannot go on without it. */
export function printed<Value>(output: unknown): Value {
  if (output === null) throw new Error('the command printed no result; see its message above');
  return output as Value;
}
