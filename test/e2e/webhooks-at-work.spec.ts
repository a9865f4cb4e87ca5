import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { type Message, Outbox } from '../../src/delivery/index.js';
import { OutboxJobs } from '../../src/jobs/outbox-relay.queue.js';
import { Ids, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const MESSAGES = 200;
const PATIENCE_MILLISECONDS = 15_000;

let service: TestService;
let receiver: WebhookReceiver;
const arrivedAt = new Map<string, number>();

beforeAll(async () => {
  receiver = await startReceiver({
    '/quick': ({ headers }, response) => {
      arrivedAt.set(String(headers['webhook-id']), performance.now());
      response.end();
    },
    '/hang': () => undefined,
  });
  service = await startTestService({
    config: { role: 'all', webhookAllowPrivate: true, webhookTimeoutSeconds: 60 },
  });
  const { authorization } = await service.key(['catalogue']);
  for (const name of ['hang', 'quick'])
    await service.http
      .put(`/api/v1/webhook-endpoints/${name}`)
      .set({ authorization })
      .send({ url: `${receiver.url}/${name}` })
      .expect(200);
}, 60_000);

afterAll(async () => {
  await receiver?.close();
  await service?.close();
});

/** Commits one message and gives its id and the moment of the commit. */
async function tell(): Promise<{ messageId: string; at: number }> {
  const messageId = `msg_${service.app.get(Ids, { strict: false }).next()}`;
  const message: Message = {
    messageId,
    type: 'alert.raised',
    occurredAt: service.clock.now(),
    accountId: null,
    memberIds: [],
    data: { alertId: messageId },
    notAfter: null,
  };
  const transactions = service.app.get(Transactions, { strict: false });
  await transactions.run((within) => service.app.get(Outbox, { strict: false }).put([message], within));
  return { messageId, at: performance.now() };
}

async function arrived(messageId: string): Promise<number> {
  for (
    const deadline = performance.now() + PATIENCE_MILLISECONDS;
    performance.now() < deadline;
    await delay(2)
  ) {
    const at = arrivedAt.get(messageId);
    if (at !== undefined) return at;
  }
  throw new Error(`${messageId} did not arrive`);
}

describe('a working service', () => {
  it('carries a message to its receiver within moments of the commit, beside one that hangs with all that it was told', async () => {
    const waits: number[] = [];
    for (let sent = 0; sent < MESSAGES; sent += 1) {
      const { messageId, at } = await tell();
      waits.push((await arrived(messageId)) - at);
    }
    waits.sort((a, b) => a - b);
    const [median, p99] = [waits[MESSAGES / 2] ?? NaN, waits[Math.floor(MESSAGES * 0.99)] ?? NaN];
    process.stdout.write(`commit to webhook: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`);
    expect(median).toBeLessThan(250);
    expect(receiver.at('/quick')).toHaveLength(MESSAGES);
    // as many as one endpoint may have under way at once
    expect(receiver.at('/hang').length).toBe(8);
  }, 60_000);

  it('stops soon although a receiver hangs, and what was under way is due again at once', async () => {
    const { database } = service;
    const claimed = async (): Promise<number> => {
      const [row] = await database.query<{ n: number }[]>(
        'select count(*)::int as n from webhook_deliveries where claim is not null',
      );
      return row?.n ?? 0;
    };
    // the last quick one may be about to be marked
    for (let tries = 0; tries < 100 && (await claimed()) > 8; tries += 1) await delay(20);
    expect(await claimed()).toBe(8);
    const before = performance.now();
    await service.app.get(OutboxJobs, { strict: false }).beforeApplicationShutdown();
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await claimed()).toBe(0);
  }, 30_000);
});
