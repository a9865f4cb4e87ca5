import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import {
  accountLines,
  assignmentLines,
  catalogue,
  consentLines,
  contactLines,
  decisionCalls,
  ingestCalls,
} from './bench-world.js';
import { type CpuTime, cpuEach, cpuTime, helpersOf } from './cpu-time.js';
import { copyFloor, decisionFloor, WARMING } from './floors.js';
import { load, quantile } from './load.js';
import { machine, median, peakMemory, writeResult } from './machine.js';
import { type BenchService, optionsOfStart, startBenchService } from './service.js';

/**
 * `npm run bench:speed [-- --short]`: every figure beside its floor, measured in the same run. With `--accounts` it is of
 * another size, and with `--no-decisions` it leaves out the fresh ones: then its figures are printed and not kept.
 */
const { values: asked } = parseArgs({
  options: { short: { type: 'boolean' }, accounts: { type: 'string' }, 'no-decisions': { type: 'boolean' } },
});
const short = asked.short === true;
const SIZE = short
  ? { accounts: 5_000, eventsFirst: 20_000, events: 20_000, decisions: 1_500, repeats: 3 }
  : { accounts: 100_000, eventsFirst: 400_000, events: 60_000, decisions: 1_500, repeats: 3 };
if (asked.accounts !== undefined) {
  SIZE.accounts = Number(asked.accounts);
  if (!Number.isInteger(SIZE.accounts) || SIZE.accounts < 1)
    throw new RangeError(`--accounts is a whole number above 0, not ${asked.accounts}`);
  SIZE.eventsFirst = 4 * SIZE.accounts;
}
const CONNECTIONS = 8;
const DECISION_CONNECTIONS = [8, 32];
const LINES = 10_000;
const NOW = Date.now();

/** Progress, with the seconds since the start. */
const say = (message: string): void =>
  void process.stderr.write(`${String(Math.round(performance.now() / 1000)).padStart(5)} s  ${message}\n`);
const LOOK_EVERY_MILLISECONDS = 500;
const TELL_EVERY_LOOKS = 20;

async function main(): Promise<void> {
  const service = await startBenchService();
  const pool = new Pool({ connectionString: service.databaseUrl, max: 4 });
  try {
    await fill(service);
    const ingestion = await measureIngestion(service, pool);
    const nightly = await measureNightly(service, pool);
    if (asked['no-decisions']) return say(JSON.stringify({ ingestion, nightly, memory: memory(service) }));
    const decisions = await measureDecisions(service, pool);
    const result = {
      what: 'speed',
      size: SIZE,
      machine: { ...machine(), nodeOptions: optionsOfStart() },
      durability: await durability(pool),
      ingestion,
      decisions,
      nightly,
      memory: memory(service),
    };
    if (asked.accounts === undefined)
      writeResult(short ? 'bench/results/speed-short.json' : 'bench/results/speed.json', result);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await pool.end();
    await service.stop();
  }
}

/** Highest memory of each helper of the nightly run: seen while it runs, since it ends with the run. */
const helpers = new Map<number, number>();

function lookAtHelpers(service: BenchService): void {
  for (const pid of helpersOf(service)) helpers.set(pid, peakMemory(pid) ?? helpers.get(pid) ?? 0);
}

/** Each process at its own highest, whenever that was; the sum bounds what they took together. */
function memory(service: BenchService) {
  const peakMiB = peakMemory(service.pid);
  const helpersPeakMiB = [...helpers.values()];
  const sumMiB = helpersPeakMiB.reduce((sum, peak) => sum + peak, peakMiB ?? 0);
  return { peakMiB, helpersPeakMiB, sumMiB, limitMiB: 700 };
}

async function durability(pool: Pool): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const found = await pool.query<Record<string, string>>(`show ${name}`);
    settings[name] = Object.values(found.rows[0] ?? {})[0] ?? '';
  }
  return settings;
}

async function fill(service: BenchService): Promise<void> {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' };
  for (const { path, body } of catalogue()) {
    const answer = await fetch(`${service.url}${path}`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }
  const kinds = {
    accounts: accountLines,
    contacts: contactLines,
    assignments: assignmentLines,
    consents: consentLines,
  };
  for (const [kind, lines] of Object.entries(kinds)) {
    for (let from = 0; from < SIZE.accounts; from += LINES) {
      const body = lines(from, Math.min(from + LINES, SIZE.accounts));
      const answer = await fetch(`${service.url}/api/v1/imports/${kind}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
        body,
      });
      const counts = (await answer.json()) as { rejectedCount?: number };
      if (!answer.ok || counts.rejectedCount)
        throw new Error(`${kind}: ${JSON.stringify(counts).slice(0, 500)}`);
    }
    say(`loaded ${kind}`);
  }
}

async function measureIngestion(service: BenchService, pool: Pool) {
  const send = (from: number, events: number) =>
    load(service.url, `Bearer ${service.key}`, CONNECTIONS, ingestCalls(from, events, SIZE.accounts, NOW));
  const warm = await send(0, SIZE.eventsFirst);
  say(`ingested ${SIZE.eventsFirst} events at ${Math.round(SIZE.eventsFirst / warm.seconds)} a second`);
  const rates: number[] = [];
  const latencies: number[] = [];
  const floors: number[] = [];
  const cpu: CpuTime[] = [];
  for (let repeat = 0; repeat < SIZE.repeats; repeat += 1) {
    const before = cpuTime(service);
    const result = await send(SIZE.eventsFirst + repeat * SIZE.events, SIZE.events);
    if (result.failures > 0) throw new Error(`${result.failures} ingestion calls failed`);
    cpu.push(cpuEach(service, before, SIZE.events));
    rates.push(SIZE.events / result.seconds);
    latencies.push(quantile(result.latencies, 0.99));
    floors.push(await copyFloor(pool, 'events', SIZE.events));
    say(`ingestion ${repeat + 1} of ${SIZE.repeats}: ${Math.round(rates.at(-1) ?? NaN)} events a second`);
  }
  return {
    eventsPerSecond: Math.round(median(rates)),
    p99Milliseconds: Math.round(median(latencies)),
    cpuMillisecondsAnEvent: middle(cpu),
    copyRowsPerSecond: Math.round(median(floors)),
    shareOfCopy: median(rates.map((rate, index) => rate / (floors[index] ?? NaN))),
    target: 5_000,
  };
}

/** Of each number of connections, ours and the floor's alike: group commit shares more where more ask at a time. */
async function measureDecisions(service: BenchService, pool: Pool) {
  const found = await pool.query<{ bytes: string }>(
    'select avg(length(record)) as bytes, max(length(record)) as most from decisions',
  );
  const bytes = Math.round(Number(found.rows[0]?.bytes ?? 0));
  const most = Number((found.rows[0] as { most?: string } | undefined)?.most ?? 0);
  await load(service.url, `Bearer ${service.key}`, CONNECTIONS, decisionCalls(WARMING, SIZE.accounts));
  const measured = [];
  for (const connections of DECISION_CONNECTIONS)
    measured.push(await measureDecisionsOver(connections, service, bytes));
  return { candidates: 240, recordBytes: { average: bytes, most }, target: 0.2, measured };
}

async function measureDecisionsOver(connections: number, service: BenchService, bytes: number) {
  const calls = decisionCalls(SIZE.decisions, SIZE.accounts);
  const rates: number[] = [];
  const medians: number[] = [];
  const slowest: number[] = [];
  const floors: number[] = [];
  const cpu: CpuTime[] = [];
  for (let repeat = 0; repeat < SIZE.repeats; repeat += 1) {
    const before = cpuTime(service);
    const result = await load(service.url, `Bearer ${service.key}`, connections, calls);
    if (result.failures > 0) throw new Error(`${result.failures} decisions failed`);
    cpu.push(cpuEach(service, before, calls.length));
    rates.push(calls.length / result.seconds);
    medians.push(quantile(result.latencies, 0.5));
    slowest.push(quantile(result.latencies, 0.99));
    floors.push(await decisionFloor(service.databaseUrl, bytes, calls, connections));
    say(
      `decisions over ${connections} connections, ${repeat + 1} of ${SIZE.repeats}: ` +
        `${Math.round(rates.at(-1) ?? NaN)} a second, floor ${Math.round(floors.at(-1) ?? NaN)}`,
    );
  }
  return {
    connections,
    decisionsPerSecond: Math.round(median(rates)),
    medianMilliseconds: Number(median(medians).toFixed(1)),
    p99Milliseconds: Number(median(slowest).toFixed(1)),
    cpuMillisecondsADecision: middle(cpu),
    floorPerSecond: Math.round(median(floors)),
    shareOfFloor: Number(median(rates.map((rate, index) => rate / (floors[index] ?? NaN))).toFixed(3)),
  };
}

const middle = (times: readonly CpuTime[]): CpuTime => ({
  service: median(times.map(({ service }) => service)),
  database: median(times.map(({ database }) => database)),
});

interface RunView {
  runId: string;
  state: string;
  total: number;
  done: number;
  problem: string | null;
  startedAt: string;
  finishedAt: string | null;
  ratePerSecond: number | null;
  tally: Record<string, unknown> & { published: number };
}

async function measureNightly(service: BenchService, pool: Pool) {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' };
  const before = cpuTime(service);
  let computed: CpuTime | null = null;
  const start = await fetch(`${service.url}/api/v1/rescoring-runs`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ force: { reason: 'benchmark' } }),
  });
  let run = (await start.json()) as RunView;
  if (!start.ok) throw new Error(JSON.stringify(run));
  for (let looks = 1; !run.finishedAt; looks += 1) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MILLISECONDS));
    run = (await (
      await fetch(`${service.url}/api/v1/rescoring-runs/${run.runId}`, { headers })
    ).json()) as RunView;
    lookAtHelpers(service);
    if (run.done === run.total) computed ??= cpuEach(service, before, run.total);
    if (looks % TELL_EVERY_LOOKS === 0)
      say(
        `nightly run ${run.state}: ${run.done} of ${run.total} decided at ${run.ratePerSecond ?? 0} a second, ${run.tally.published} published`,
      );
  }
  if (run.state !== 'published') throw new Error(`the run is ${run.state}: ${run.problem}`);
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const floor = await copyFloor(pool, 'decisions', run.total);
  const rate = run.total / seconds;
  return {
    accounts: run.total,
    candidatesAnAccount: 240,
    accountsPerSecond: Math.round(rate),
    computingPerSecond: run.ratePerSecond,
    seconds: Math.round(seconds),
    cpuMillisecondsAnAccount: { ...cpuEach(service, before, run.total), computingAlone: computed },
    copyRowsPerSecond: Math.round(floor),
    shareOfCopy: Number((rate / floor).toFixed(3)),
    tally: run.tally,
    target: 1_000,
  };
}

await main();
