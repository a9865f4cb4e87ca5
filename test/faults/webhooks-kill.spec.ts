import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { DataSource } from 'typeorm';
import { createDataSource, migrate } from '../../src/database/data-source.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { PostgresTransactions } from '../../src/database/transactions.postgres.js';
import { PostgresOutbox } from '../../src/delivery/outbox.postgres.js';
import { freshSecret } from '../../src/delivery/webhooks/signature.js';
import { everyFault, times } from '../support/faults.js';
import { type Behaviour, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const root = resolve(import.meta.dirname, '../..');
const KILLS = times(50, 6);
/** Working beside each other, as several workers do. */
const PROCESSES = 2;
/** A kill comes within this long after a call: receivers take as long to answer, so calls are under way. */
const SPREAD_MILLISECONDS = 30;
const ENDPOINTS = ['a', 'b', 'c', 'd'];
/** No receiver takes so long; what the dead have claimed is due again after one and a half times that, and a second. */
const TIMEOUT_SECONDS = 2;
const PATIENCE_MILLISECONDS = 120_000;
const LONG = 480_000;
/** No more is committed while so much is due. */
const BACKLOG = 100;
const SECRET = freshSecret();

let home: string;
let server: EmbeddedPostgres;
let database: DataSource;
let receiver: WebhookReceiver;
const children = new Set<ChildProcess>();
/** Calls that were answered 500: each message once at most, since its third attempt comes minutes later. */
const answered500 = new Set<string>();
/** What the official verifier found wrong with a call when it came. */
const notAccepted: string[] = [];

/** Takes its time, and fails now and then. */
const moody: Behaviour = ({ path, headers, body }, response, calls) => {
  try {
    const told = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(told).toMatchObject({ data: { alertId: headers['webhook-id'] } });
  } catch (cause) {
    notAccepted.push(String(cause));
  }
  const call = `${path} ${String(headers['webhook-id'])}`;
  const fails = calls % 29 === 0 && !answered500.has(call);
  if (fails) answered500.add(call);
  setTimeout(() => response.writeHead(fails ? 500 : 200).end(), Math.random() * SPREAD_MILLISECONDS);
};

/** A process that delivers; resolves when it works. */
async function start(
  program: string,
  environment: NodeJS.ProcessEnv,
  working: string,
): Promise<ChildProcess> {
  const own = {
    DATABASE_URL: server.url,
    REDIS_URL: '',
    NBA_HOME: home,
    NBA_LOG_LEVEL: 'error',
    NBA_RESCORING_CRON: '',
    NBA_WEBHOOK_ALLOW_PRIVATE: 'true',
    NBA_WEBHOOK_TIMEOUT: String(TIMEOUT_SECONDS),
    NODE_OPTIONS: '',
  };
  const child = spawn(process.execPath, [join(root, 'dist', program)], {
    cwd: root,
    env: { ...process.env, ...own, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const said: string[] = [];
  await new Promise<void>((works, failed) => {
    const listen = (line: string): void => {
      said.push(line);
      if (line.includes(working)) works();
    };
    createInterface({ input: child.stdout! }).on('line', listen);
    createInterface({ input: child.stderr! }).on('line', listen);
    child.once('exit', () => failed(new Error(`It ended before it worked:\n${said.join('\n')}`)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Commits messages as fast as they are told, until it is stopped; gives the ids of all that were committed. */
async function produce(going: { on: boolean }): Promise<string[]> {
  const transactions = new PostgresTransactions(database);
  const outbox = new PostgresOutbox();
  const ids: string[] = [];
  while (going.on) {
    const messageIds = Array.from({ length: 5 }, (_, index) => `msg_${ids.length + index}`);
    await transactions.run((within) =>
      outbox.put(
        messageIds.map((messageId) => ({
          messageId,
          type: 'alert.raised',
          occurredAt: new Date(),
          accountId: null,
          memberIds: [],
          data: { alertId: messageId },
          notAfter: null,
        })),
        within,
      ),
    );
    ids.push(...messageIds);
    do await delay(40);
    while (going.on && (await due()) > BACKLOG);
  }
  return ids;
}

async function killAgainAndAgain(kills: { left: number }): Promise<void> {
  while (kills.left > 0) {
    kills.left -= 1;
    const child = await start('test/support/delivery-process.js', {}, 'ready');
    const calls = receiver.received.length;
    for (let looks = 0; looks < 500 && receiver.received.length === calls; looks += 1) await delay(2);
    await delay(Math.random() * SPREAD_MILLISECONDS);
    await kill(child);
  }
}

/** Messages to be handed over, and deliveries that nobody has claimed. */
async function due(): Promise<number> {
  const [row] = await database.query<{ n: number }[]>(
    `select (select count(*) from outbox)::int +
            (select count(*) from webhook_deliveries where state = 'waiting' and next_attempt_at <= now())::int as n`,
  );
  return row?.n ?? 0;
}

/** All that waits; what nobody has claimed is brought forward: a busy machine may have used up the early attempts. */
async function waitingAndDueNow(): Promise<number> {
  await database.query(
    `update webhook_deliveries set next_attempt_at = now() where state = 'waiting' and claim is null and next_attempt_at > now()`,
  );
  const [row] = await database.query<{ n: number }[]>(
    `select (select count(*) from outbox)::int + (select count(*) from webhook_deliveries where state = 'waiting')::int as n`,
  );
  return row?.n ?? 0;
}

beforeAll(async () => {
  home = await mkdtemp('/var/tmp/nba-webhooks-kill-');
  await chmod(home, 0o755); // as root, another user runs the server
  server = await startEmbeddedPostgres({ home, cloneRoot: root });
  database = await createDataSource({ url: server.url, pool: 4 }).initialize();
  await migrate(database);
  receiver = await startReceiver(Object.fromEntries(ENDPOINTS.map((name) => [`/${name}`, moody])));
  await database.query(
    `insert into webhook_endpoints (endpoint_id, url, event_types, description, secret, enabled, created_at, updated_at)
     select name, $1 || '/' || name, '{}', '', $2, true, now(), now() from unnest($3::text[]) as name`,
    [receiver.url, SECRET, ENDPOINTS],
  );
}, LONG);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await receiver?.close();
  if (database?.isInitialized) await database.destroy();
  await server?.leave();
  await rm(home, { recursive: true, force: true });
}, LONG);

describe('kill -9 while webhooks are told', () => {
  it(
    'loses none: each arrives under its id, some of them again, and all end as delivered',
    async () => {
      const going = { on: true };
      const produced = produce(going);
      const kills = { left: KILLS };
      await Promise.all(Array.from({ length: PROCESSES }, () => killAgainAndAgain(kills)));
      going.on = false;
      const ids = await produced;

      const last = await start(
        'src/main.js',
        { NBA_ROLE: 'worker', NBA_PORT: '0' },
        'next best action: http',
      );
      for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await delay(100))
        if ((await waitingAndDueNow()) === 0) break;
      await kill(last);

      const calls = receiver.received;
      process.stdout.write(
        `${ids.length} messages to ${ENDPOINTS.length} endpoints, ${KILLS} kills, ${calls.length} calls, ${answered500.size} answered 500\n`,
      );
      for (const name of ENDPOINTS) {
        const arrived = new Set(receiver.at(`/${name}`).map(({ headers }) => String(headers['webhook-id'])));
        expect(ids.filter((id) => !arrived.has(id))).toEqual([]);
        expect(arrived.size).toBe(ids.length);
      }
      // what was sent and not yet marked when its process was killed comes again
      if (everyFault) expect(calls.length).toBeGreaterThan(ids.length * ENDPOINTS.length + answered500.size);
      expect(notAccepted).toEqual([]);
      expect(
        await database.query(
          `select d.*, to_jsonb(array(select a from webhook_attempts a where a.endpoint_id = d.endpoint_id and a.message_id = d.message_id)) as log
             from webhook_deliveries d where state <> 'delivered'`,
        ),
      ).toEqual([]);
      expect(
        await database.query('select state, count(*)::int as n from webhook_deliveries group by state'),
      ).toEqual([{ state: 'delivered', n: ids.length * ENDPOINTS.length }]);
      expect(await waitingAndDueNow()).toBe(0);
    },
    LONG,
  );
});
