import { type Config, readConfig } from '../src/config.js';

/** An expected failure of a command: its message says how to mend it, the exit code is 1. */
export class CommandFailed extends Error {}

/** What a person reads; standard output is kept for results. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** The result: one JSON object with `--json`, else the text. */
export function printResult(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}

/** The configuration with a command's own log level: quiet unless the environment asks for more. */
export function commandConfig(): Config {
  const config = readConfig();
  return process.env['NBA_LOG_LEVEL'] ? config : { ...config, logLevel: 'warn' };
}

const ESCAPE = '\u001b[';
const colours = process.stdout.isTTY && !process.env['NO_COLOR'];
const paint = (code: number) => (text: string) => (colours ? `${ESCAPE}${code}m${text}${ESCAPE}0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const green = paint(32);
export const yellow = paint(33);

/** Columns under each other; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, String(cell).length)));
  return rows
    .map((row) => (indent + row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ')).trimEnd())
    .join('\n');
}

function pad(cell: string | number, width: number): string {
  return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
}
