import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { everyFault, times } from '../support/faults.js';
import { startMailing } from '../support/mailing.js';
import { planTouches } from '../support/planned-touches.js';
import { startTestService, type TestService } from '../support/service.js';
import { type SmtpReceiver, startSmtp } from '../support/smtp.js';

const program = resolve(import.meta.dirname, '../../dist/test/support/touch-process.js');
const KILLS = times(50, 4);
const CUSTOMERS = 600;
/** A kill comes so long after a mail was taken, at most: the time from the server's answer to the mark, and then some. */
const LONGEST_MILLISECONDS = 25;
/** Processes that start while another works. */
const AHEAD = 2;

let service: TestService;
let smtp: SmtpReceiver;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService();
  const mailing = await startMailing(service, { purpose: 'service', consent: 'opt-out', mandatory: false });
  const ids = Array.from({ length: CUSTOMERS }, (_, n) => `customer-${n}`);
  await mailing.customers(ids);
  const at = service.clock.now();
  await planTouches(
    service.database,
    ids.map((id) => ({ accountId: id, contactId: id, touchId: `touch-${id}`, suggestionId: `s-${id}` })),
    {
      channelId: 'email',
      actionId: 'news',
      treatmentId: 'en',
      purpose: 'service',
      through: 'mail',
      slot: { from: at, to: new Date(at.getTime() + HOUR) },
      at,
    },
  );
}, 120_000);

afterAll(async () => {
  await Promise.all(
    [...children].map(async (child) => {
      const died = once(child, 'exit');
      child.kill('SIGKILL');
      await died;
    }),
  );
  await service.close();
  await smtp.close();
}, 60_000);

/** A process of its own that is ready to send. */
async function start(now: Date): Promise<ChildProcess> {
  const child = fork(program, [], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      DATABASE_URL: service.databaseUrl,
      NBA_SMTP_URL: smtp.url,
      NBA_TIME_ZONE: 'Europe/Berlin',
      NBA_HOLDOUT_SHARE: '0',
      NBA_LOG_LEVEL: 'error',
      NBA_TEST_NOW: now.toISOString(),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const failed = once(child, 'exit').then(() => ['exit']);
  const [said] = (await Promise.race([once(child, 'message'), failed])) as unknown[];
  expect(said).toBe('ready');
  return child;
}

/** Works until a random moment after its first mail was taken. */
async function workAndDie(child: ChildProcess): Promise<boolean> {
  const died = once(child, 'exit');
  let struck = false;
  const before = smtp.mails.length;
  smtp.received = () => {
    if (struck) return;
    struck = true;
    const wait = Math.random() * LONGEST_MILLISECONDS;
    setTimeout(() => child.kill('SIGKILL'), wait);
  };
  child.send('go');
  const done = await Promise.race([died, delay(60_000, 'late' as const)]);
  if (done === 'late') throw new Error(`Nothing was sent after ${before} mails`);
  return struck;
}

interface Row {
  contact_id: string;
  state: string;
}

const touches = (): Promise<Row[]> =>
  service.database.query<Row[]>('select contact_id, state from touches order by contact_id');

describe('kill -9 between sending and marking', () => {
  it('touches no customer twice, whatever the moment', async () => {
    const now = service.clock.now();
    const waiting: Promise<ChildProcess>[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      while (waiting.length < Math.min(AHEAD, KILLS - kill)) waiting.push(start(now));
      const child = await (waiting.shift() as Promise<ChildProcess>);
      expect(await workAndDie(child)).toBe(true);
    }
    const torn = (await touches()).filter(({ state }) => state === 'sending');
    if (everyFault) expect(torn.length).toBeGreaterThan(KILLS / 5); // the kills did fall in between

    // somebody looks after the lease: what was torn is not known, what waits is sent
    smtp.received = () => undefined;
    const last = await start(new Date(now.getTime() + 11 * MINUTE));
    const done = once(last, 'message');
    last.send('once');
    expect((await done)[0]).toBe('done');

    const received = new Map<string, number>();
    for (const { to } of smtp.mails) received.set(to, (received.get(to) ?? 0) + 1);
    const rows = await touches();
    const twice = [...received].filter(([, count]) => count > 1);
    expect(twice).toEqual([]);
    const mailed = ({ contact_id }: Row) => received.has(`${contact_id}@example.test`);
    expect(rows.filter(({ state }) => state !== 'sent' && state !== 'unknown')).toEqual([]);
    expect(rows.filter((row) => row.state === 'sent' && !mailed(row))).toEqual([]);
    expect(rows.filter(({ state }) => state === 'unknown').map(({ contact_id }) => contact_id)).toEqual(
      torn.map(({ contact_id }) => contact_id),
    );
    // of some of those that are not known the mail had arrived: sending it again would have been the second
    const arrived = rows.filter((row) => row.state === 'unknown' && mailed(row));
    if (everyFault) expect(arrived.length).toBeGreaterThan(0);
  }, 900_000);
});
