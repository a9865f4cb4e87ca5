import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { Keys } from '../src/access/index.js';
import { startService } from '../src/main.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';

interface FileOptions {
  kind: string;
  source?: string;
  json?: boolean;
}

/** Of POST /api/v1/imports/{kind}. */
interface ImportAnswer {
  accepted: number;
  duplicates: number;
  rejected: { line: number; pointer: string; reason: string }[];
  rejectedCount: number;
}

const SHOWN = 20;
const ACTOR = 'command-line';

export function registerImportFile(verb: Command): void {
  verb
    .command('file <path>')
    .description('Records of one kind from a file: NDJSON, or CSV with a header; packed with gzip or not.')
    .requiredOption('--kind <kind>', 'accounts, contacts, products, actions, events, consents, outcomes, …')
    .option('--source <name>', 'stable name of the sender, under which events are deduplicated')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npm run nba -- import file --kind accounts accounts.csv\n' +
        '  $ npm run nba -- import file --kind events --source crm history.ndjson.gz',
    )
    .action(async (path: string, options: FileOptions) => {
      const size = await sizeOf(path);
      const answer = await send(path, size, options);
      printResult(options.json, answer, () => describe(path, answer));
      if (answer.rejectedCount > 0) {
        throw new CommandFailed(
          `${answer.rejectedCount} rows of ${basename(path)} were refused; the others are in`,
        );
      }
    });
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (cause) {
    throw new CommandFailed(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  throw new CommandFailed(`${path} is not a file`);
}

/** Through the same door as everybody's, on a port of its own, with a key that lives as long as the command. */
async function send(path: string, size: number, { kind, source }: FileOptions): Promise<ImportAnswer> {
  const service = await startService({ ...commandConfig(), host: '127.0.0.1', port: 0, role: 'api' });
  const keys = service.app.get(Keys, { strict: false });
  try {
    const scopes = ['catalogue', 'ingest', 'consent', 'feedback'] as const;
    const made = await keys.create({ scopes, memberId: null, source: source ?? null }, ACTOR);
    try {
      return await post(`${service.url}/api/v1/imports/${encodeURIComponent(kind)}`, made.key, path, size);
    } finally {
      await keys.revoke(made.keyId, ACTOR);
    }
  } finally {
    await service.stop();
  }
}

async function post(url: string, key: string, path: string, size: number): Promise<ImportAnswer> {
  const bar = new SingleBar(
    { format: ` ${basename(path)} {bar} {percentage} %`, stream: process.stderr, noTTYOutput: false },
    Presets.shades_classic,
  );
  bar.start(size, 0);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' };
  const sending = request(url, { method: 'POST', headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve);
    sending.once('error', reject);
  });
  const file = createReadStream(path);
  file.on('data', (chunk) => bar.increment(chunk.length));
  const [response] = await Promise.all([answered, pipeline(file, sending).catch(onlyIfUnanswered(answered))]);
  bar.stop();
  const body = await textOf(response);
  if (response.statusCode === 200) return JSON.parse(body) as ImportAnswer;
  throw new CommandFailed(refusal(body));
}

/** A service that refuses early closes the connection: its answer tells why. */
function onlyIfUnanswered(answered: Promise<IncomingMessage>): (cause: unknown) => Promise<void> {
  return async (cause) => {
    const answer = await Promise.race([answered, Promise.resolve(null)]);
    if (answer === null) throw cause;
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

interface ProblemBody {
  detail?: string;
  title?: string;
  errors?: { pointer: string; detail: string }[];
}

function refusal(body: string): string {
  const problem = JSON.parse(body) as ProblemBody;
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer} ${detail}`);
  return [problem.detail ?? problem.title ?? 'the file was refused', ...fields].join('\n');
}

function describe(path: string, { accepted, duplicates, rejected, rejectedCount }: ImportAnswer): string {
  const rows = [
    ['taken in', accepted],
    ['known already', duplicates],
    ['refused', rejectedCount],
  ];
  const examples = rejected
    .slice(0, SHOWN)
    .map(
      ({ line, pointer, reason }) =>
        `  ${basename(path)}, line ${line}${pointer && ` ${pointer}`}: ${reason}`,
    );
  return [`Imported ${basename(path)}`, table(rows), ...examples].join('\n');
}
