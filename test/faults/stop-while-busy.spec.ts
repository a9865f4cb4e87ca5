import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeKey } from '../../src/access/keys.js';
import { plainRule } from '../support/alerts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { EventReader, eventually } from '../support/server-sent-events.js';

const root = resolve(import.meta.dirname, '../..');
const ACCOUNTS = 60;
/**
 * Two seconds where nothing else runs; what an orchestrator waits before it kills is 30. A connection left open took
 * minutes.
 */
const LONGEST_STOP_MILLISECONDS = 20_000;
/** More than the buffers between us and a client that does not read. */
const WAITING_MESSAGES = 3_000;
const WAITING_BYTES = 8_000;

let test: TestDatabase;
let service: ChildProcess;
let url: string;
let authorization: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const environment = {
    DATABASE_URL: test.url,
    NBA_PORT: '0',
    NBA_ROLE: 'all',
    NBA_LOG_LEVEL: 'error',
    NBA_RESCORING_CRON: '',
  };
  service = spawn(process.execPath, [join(root, 'dist/src/main.js')], {
    env: { ...process.env, NODE_OPTIONS: '', REDIS_URL: '', ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  url = await new Promise<string>((found) => {
    createInterface({ input: service.stderr! }).on('line', (line) => {
      const address = /^next best action: (\S+)/.exec(line)?.[1];
      if (address) found(address);
    });
  });
  const { keyId, secretHash, key } = makeKey();
  await test.database.query(
    `insert into api_keys (key_id, secret_hash, scopes, source, created_at) values ($1, $2, '{admin}', 'test', now())`,
    [keyId, secretHash],
  );
  authorization = `Bearer ${key}`;
}, 180_000);

afterAll(async () => {
  service.kill('SIGKILL');
  await test.close();
});

async function send(method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Alerts of as many accounts that nobody has raised yet. */
async function fireForAll(): Promise<void> {
  const events = Array.from({ length: ACCOUNTS }, (_, index) => ({
    messageId: `alarm-${index}`,
    name: 'Alarm',
    accountId: `account-${index}`,
    contactId: `account-${index}`,
    occurredAt: new Date().toISOString(),
  }));
  await send('POST', 'events', { events });
}

/** What waits to be told, much more than a client that does not read takes. */
const fillOutbox = () =>
  test.database.query(
    `insert into outbox (message_id, type, occurred_at, member_ids, data, next_attempt_at)
     select 'msg_filler_' || n, 'alert.raised', now(), '{}', jsonb_build_object('text', repeat('x', $2)), now()
       from generate_series(1, $1) as n`,
    [WAITING_MESSAGES, WAITING_BYTES],
  );

async function connected(): Promise<void> {
  // a browser opens one ahead and asks nothing on it
  const ahead = connect(Number(new URL(url).port), '127.0.0.1');
  ahead.on('error', () => undefined);
  await once(ahead, 'connect');
  // another reads nothing of what it is sent
  const deaf = get(`${url}/api/v1/alerts/stream`, { headers: { authorization }, agent: false });
  deaf.on('error', () => undefined);
  const [answer] = (await once(deaf, 'response')) as [{ on(event: string, then: () => void): void }];
  answer.on('error', () => undefined);
}

it('stops within seconds, whoever is connected and whatever it is doing, and loses no alert', async () => {
  await send('PUT', 'trigger-rules/alarm', { ...plainRule, when: { event: 'Alarm' } });
  await connected();
  const reader = await new EventReader(`${url}/api/v1/alerts/stream`, { authorization }).open();
  await fillOutbox();
  await eventually(() => expect(reader.events.length).toBeGreaterThan(0));
  await fireForAll();
  const begun = performance.now();
  service.kill('SIGTERM');
  const [code] = (await once(service, 'exit')) as [number | null];
  const took = performance.now() - begun;
  await reader.ended;
  const [firings] = await test.database.query<{ waiting: number; told: number; lost: number }[]>(
    `select count(*) filter (where state = 'waiting')::int as waiting,
            count(*) filter (where state = 'raised')::int as told,
            count(*) filter (where state = 'raised' and not exists (
              select from alerts a where a.account_id = f.account_id and a.firing_id = f.firing_id))::int as lost
       from trigger_firings f`,
  );
  expect({ code, lost: firings?.lost }).toEqual({ code: 0, lost: 0 });
  expect((firings?.waiting ?? 0) + (firings?.told ?? 0)).toBe(ACCOUNTS);
  expect(took).toBeLessThan(LONGEST_STOP_MILLISECONDS);
}, 180_000);
