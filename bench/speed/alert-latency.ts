import { accountLines, benchEvent, catalogue, consentLines, contactLines } from './bench-world.js';
import { quantile } from './load.js';
import { machine, writeResult } from './machine.js';
import { type BenchService, startBenchService } from './service.js';

/**
 * `node dist/bench/speed/alert-latency.js [--share 0.04] [--seconds 20] [--repeats 3]`: from the sending of an event to
 * its alert on the manager's open stream, while 500 events a second come in over HTTP. Each alert has a decision of its
 * own over 240 candidates. Prints median and p99: of each repeat, and the medians of these.
 */
const EVENTS_A_SECOND = 500;
const EVENTS_A_CALL = 10;
const ACCOUNTS = 2000;
const MANAGER = 'bench-manager';
const TARGET_P99_MILLISECONDS = 250;
const WARM_UP_SECONDS = 5;
/** Alerts under way when the last event is sent are waited for so long. */
const LAST_SECONDS = 5;

const option = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  return place === -1 ? fallback : Number(process.argv[place + 1]);
};
/** Share of the events that make an alert. */
const SHARE = option('share', 0.04);
const SECONDS = option('seconds', 20);
const REPEATS = option('repeats', 3);

const say = (message: string): void => void process.stderr.write(`${message}\n`);
const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.max(0, milliseconds)));

async function main(): Promise<void> {
  const service = await startBenchService();
  const ended = new AbortController();
  try {
    await fill(service);
    const stream = await openStream(service, ended.signal);
    const rounds = [await round(service, stream, 0, WARM_UP_SECONDS)];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      rounds.push(await round(service, stream, rounds.at(-1)?.next ?? 0, SECONDS));
      say(`repeat ${repeat + 1}: ${JSON.stringify(rounds.at(-1))}`);
    }
    const measured = rounds.slice(1);
    const sum = (of: (one: Round) => number): number => measured.reduce((total, one) => total + of(one), 0);
    const middle = (of: (one: Round) => number): number =>
      quantile(
        measured.map(of).sort((a, b) => a - b),
        0.5,
      );
    const result = {
      what: 'alert latency',
      machine: machine(),
      eventsPerSecond: middle(({ eventsPerSecond }) => eventsPerSecond),
      alertsSent: sum(({ alertsSent }) => alertsSent),
      alertsReceived: sum(({ alertsReceived }) => alertsReceived),
      medianMilliseconds: middle(({ medianMilliseconds }) => medianMilliseconds),
      p99Milliseconds: middle(({ p99Milliseconds }) => p99Milliseconds),
      targetP99Milliseconds: TARGET_P99_MILLISECONDS,
      ingestMedianMilliseconds: middle(({ ingestMedianMilliseconds }) => ingestMedianMilliseconds),
      ingestP99Milliseconds: middle(({ ingestP99Milliseconds }) => ingestP99Milliseconds),
      repeats: measured.map(({ next: _next, ...one }) => one),
    };
    writeResult('bench/results/alert-latency.json', result);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    if (result.alertsReceived !== result.alertsSent) throw new Error('not every alert came exactly once');
  } catch (cause) {
    say(String(cause));
    process.exitCode = 1;
  } finally {
    ended.abort();
    await service.stop();
  }
}

const headersOf = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

async function put(service: BenchService, path: string, body: string): Promise<void> {
  const answer = await fetch(`${service.url}${path}`, {
    method: 'PUT',
    headers: headersOf(service.key),
    body,
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

async function fill(service: BenchService): Promise<void> {
  for (const { path, body } of catalogue()) await put(service, path, body);
  const manager = { name: 'Bench', role: 'account-manager', locale: 'en' };
  await put(service, `/api/v1/team-members/${MANAGER}`, JSON.stringify(manager));
  const assignments = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) =>
      JSON.stringify({ accountId: accountOf(from + index), memberId: MANAGER }),
    ).join('\n');
  const kinds = { accounts: accountLines, contacts: contactLines, assignments, consents: consentLines };
  for (const [kind, lines] of Object.entries(kinds)) {
    const answer = await fetch(`${service.url}/api/v1/imports/${kind}`, {
      method: 'POST',
      headers: { ...headersOf(service.key), 'content-type': 'application/x-ndjson' },
      body: lines(0, ACCOUNTS),
    });
    const counts = (await answer.json()) as { rejectedCount?: number };
    if (!answer.ok || counts.rejectedCount)
      throw new Error(`${kind}: ${JSON.stringify(counts).slice(0, 500)}`);
  }
  const rule = {
    when: { event: 'Alarm', where: 'event.properties.topic == "safety"' },
    count: 1,
    withinHours: 24,
    maxLatenessHours: 1,
    cooldownHours: 0,
    validHours: 24,
    priority: 50,
    role: 'account-manager',
    message: { en: '{contact} rang about {topic}.' },
  };
  await put(service, '/api/v1/trigger-rules/alarm', JSON.stringify(rule));
  say(`loaded ${ACCOUNTS} accounts`);
}

const accountOf = (index: number): string => String(benchEvent(index, ACCOUNTS, Date.now())['accountId']);

interface AlertStream {
  /** When the event of an account was sent whose alert has not come yet. */
  waiting: Map<string, number>;
  latencies: number[];
}

async function openStream(service: BenchService, ended: AbortSignal): Promise<AlertStream> {
  const { key } = JSON.parse(
    await service.nba('keys', 'create', '--scopes', 'read', '--member', MANAGER, '--json'),
  ) as { key: string };
  const answer = await fetch(`${service.url}/api/v1/alerts/stream`, {
    headers: { authorization: `Bearer ${key}` },
    signal: ended,
  });
  if (!answer.ok || !answer.body) throw new Error(`the stream answered ${answer.status}`);
  const stream: AlertStream = { waiting: new Map(), latencies: [] };
  void follow(answer.body, stream, ended);
  return stream;
}

async function follow(
  body: ReadableStream<Uint8Array>,
  { waiting, latencies }: AlertStream,
  ended: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      const at = performance.now();
      text += decoder.decode(chunk, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        if (!/^event: alert$/m.test(frame)) continue;
        const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
        const { accountId } = JSON.parse(data ?? '{}') as { accountId?: string };
        const sent = accountId === undefined ? undefined : waiting.get(accountId);
        if (accountId === undefined || sent === undefined)
          throw new Error(`an alert that nobody asked for: ${data}`);
        waiting.delete(accountId);
        latencies.push(at - sent);
      }
    }
  } catch (cause) {
    if (!ended.aborted) throw cause;
  }
}

/** One stretch of events and what came of it; all times in milliseconds. */
interface Round {
  /** Number of the event after the last one. */
  next: number;
  eventsPerSecond: number;
  alertsSent: number;
  alertsReceived: number;
  medianMilliseconds: number;
  p99Milliseconds: number;
  slowestMilliseconds: number;
  ingestMedianMilliseconds: number;
  ingestP99Milliseconds: number;
}

async function round(
  service: BenchService,
  stream: AlertStream,
  from: number,
  length: number,
): Promise<Round> {
  stream.latencies.length = 0;
  const sent = await send(service, stream, from, length);
  await pause(LAST_SECONDS * 1000);
  const latencies = [...stream.latencies].sort((a, b) => a - b);
  const answers = sent.answers.sort((a, b) => a - b);
  const tenths = (value: number): number => Number(value.toFixed(1));
  return {
    next: sent.next,
    eventsPerSecond: Math.round(sent.events / sent.seconds),
    alertsSent: sent.alerts,
    alertsReceived: latencies.length,
    medianMilliseconds: tenths(quantile(latencies, 0.5)),
    p99Milliseconds: tenths(quantile(latencies, 0.99)),
    slowestMilliseconds: tenths(latencies.at(-1) ?? NaN),
    ingestMedianMilliseconds: tenths(quantile(answers, 0.5)),
    ingestP99Milliseconds: tenths(quantile(answers, 0.99)),
  };
}

/** Sends at a fixed pace, whether or not answers come. */
async function send(service: BenchService, stream: AlertStream, from: number, seconds: number) {
  const calls = Math.round((seconds * EVENTS_A_SECOND) / EVENTS_A_CALL);
  const begun = performance.now();
  const answers: number[] = [];
  const pending: Promise<void>[] = [];
  let next = from;
  let alerts = 0;
  for (let call = 0; call < calls; call += 1) {
    await pause(begun + (call * EVENTS_A_CALL * 1000) / EVENTS_A_SECOND - performance.now());
    const events = Array.from({ length: EVENTS_A_CALL }, () => {
      const index = next;
      next += 1;
      const rings = Math.floor((index + 1) * SHARE) > Math.floor(index * SHARE);
      if (!rings) return benchEvent(index, ACCOUNTS, Date.now());
      alerts += 1;
      return ring(index, Math.floor(index * SHARE), stream);
    });
    pending.push(post(service, events, answers));
  }
  await Promise.all(pending);
  return { next, alerts, events: next - from, seconds: (performance.now() - begun) / 1000, answers };
}

/** Each alert is about an account of its own, by which it is known again. */
function ring(index: number, place: number, { waiting }: AlertStream): Record<string, unknown> {
  const event = benchEvent(index, ACCOUNTS, Date.now());
  const accountId = accountOf(place % ACCOUNTS);
  if (waiting.has(accountId)) throw new Error(`the last alert of ${accountId} has not come yet`);
  waiting.set(accountId, performance.now());
  const properties = { topic: 'safety', productId: 'product-1' };
  return {
    ...event,
    accountId,
    contactId: accountId,
    name: 'Alarm',
    occurredAt: new Date().toISOString(),
    properties,
  };
}

async function post(service: BenchService, events: unknown[], answers: number[]): Promise<void> {
  const begun = performance.now();
  const answer = await fetch(`${service.url}/api/v1/events`, {
    method: 'POST',
    headers: headersOf(service.key),
    body: JSON.stringify({ events }),
  });
  const { accepted } = (await answer.json()) as { accepted?: number };
  if (accepted !== events.length)
    throw new Error(`${answer.status}: ${accepted} of ${events.length} accepted`);
  answers.push(performance.now() - begun);
}

await main();
