import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface CommandResult {
  /** Exit code. */
  code: number;
  stdout: string;
  stderr: string;
}

const clone = resolve(import.meta.dirname, '../..');
const LONGEST_MILLISECONDS = 240_000;

/** Runs `nba <args>` of the build as a process of its own, as a person would. `npm test` builds first. */
export function nba(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandResult> {
  const program = join(clone, 'dist/scripts/nba.js');
  if (!existsSync(program)) throw new Error('There is no build: npm run ready');
  return new Promise((answer) => {
    const env = { ...process.env, NODE_OPTIONS: '', ...environment };
    const options = { cwd: clone, env, timeout: LONGEST_MILLISECONDS, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, ...args], options, (cause, stdout, stderr) => {
      const code = cause === null ? 0 : typeof cause.code === 'number' ? cause.code : -1;
      answer({ code, stdout, stderr });
    });
  });
}
