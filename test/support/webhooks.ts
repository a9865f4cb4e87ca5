import { Webhook } from 'standardwebhooks';
import {
  type LoggedDelivery,
  type Message,
  type MessageType,
  Outbox,
  OutboxRelay,
  SendWebhooks,
  type WebhookEndpoint,
} from '../../src/delivery/index.js';
import { HOUR, Ids, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from './service.js';
import {
  type Behaviour,
  type ReceivedWebhook,
  startReceiver,
  type WebhookReceiver,
} from './webhook-receiver.js';

export const ENDPOINTS = '/api/v1/webhook-endpoints';
/** What a receiver has for its whole answer. */
export const TIMEOUT_SECONDS = 0.4;

/** The log as it comes over HTTP: times are texts. */
export type LoggedOverHttp = Omit<LoggedDelivery, 'nextAttemptAt'> & { nextAttemptAt: string | null };

/** Receivers that answer as their path says: 200 where it says nothing. */
const behaviours = (now: () => Date): Record<string, Behaviour> => ({
  '/late': (_, response) => void setTimeout(() => response.end('late'), 150),
  '/moved': (_, response) => response.writeHead(301, { location: '/elsewhere' }).end(),
  '/gone': (_, response) => response.writeHead(410).end(),
  '/busy': (_, response, calls) =>
    calls === 1 ? response.writeHead(429, { 'retry-after': '600' }).end('slow down') : response.end(),
  '/busy-until': (_, response, calls) =>
    calls === 1
      ? response.writeHead(503, { 'retry-after': new Date(now().getTime() + HOUR).toUTCString() }).end()
      : response.end(),
  '/busy-for-ever': (_, response) => response.writeHead(429, { 'retry-after': '99999999' }).end(),
  '/broken': (_, response) => response.writeHead(500).end('no\u0000 luck'),
  '/mended': (_, response, calls) => response.writeHead(calls < 4 ? 502 : 204).end(),
  '/reset': (_, response) => response.destroy(),
  '/hang': () => undefined,
  '/drip': (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('.'), 30);
    response.on('close', () => clearInterval(timer));
  },
  '/flood': (_, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', pour);
    pour();
  },
});

/** A service that tells its webhooks to a receiver of its own. */
export async function startWebhooks(): Promise<Webhooks> {
  let service: TestService | undefined;
  const receiver = await startReceiver(behaviours(() => service?.clock.now() ?? new Date(0)));
  service = await startTestService({
    config: { webhookAllowPrivate: true, webhookTimeoutSeconds: TIMEOUT_SECONDS },
  });
  const { authorization } = await service.key(['catalogue', 'read', 'audit']);
  return new Webhooks(service, receiver, authorization);
}

export class Webhooks {
  private readonly secrets = new Map<string, string>();

  constructor(
    readonly service: TestService,
    readonly receiver: WebhookReceiver,
    readonly authorization: string,
  ) {}

  /** Puts an endpoint that is told at the path of its name. */
  async endpoint(name: string, eventTypes: readonly MessageType[] = []): Promise<void> {
    const { body } = await this.service.http
      .put(`${ENDPOINTS}/${name}`)
      .set({ authorization: this.authorization })
      .send({ url: `${this.receiver.url}/${name}`, eventTypes })
      .expect(200);
    this.secrets.set(name, (body as { secret: string }).secret);
  }

  /** As the last PUT told it: null when it was there already. */
  secretOf(name: string): string | null | undefined {
    return this.secrets.get(name);
  }

  async show(name: string): Promise<WebhookEndpoint> {
    return (await this.get(`/${name}`)).body as WebhookEndpoint;
  }

  async deliveries(name: string, query = ''): Promise<LoggedOverHttp[]> {
    return ((await this.get(`/${name}/deliveries${query}`)).body as { items: LoggedOverHttp[] }).items;
  }

  get(path: string, status = 200) {
    return this.service.http
      .get(`${ENDPOINTS}${path}`)
      .set({ authorization: this.authorization })
      .expect(status);
  }

  post(path: string, body: object, status: number) {
    return this.service.http
      .post(`${ENDPOINTS}/${path}`)
      .set({ authorization: this.authorization })
      .send(body)
      .expect(status);
  }

  /** Puts a message into the outbox. */
  async tell(type: MessageType = 'alert.raised', extra: Partial<Message> = {}): Promise<string> {
    const { app, clock } = this.service;
    const messageId = `msg_${app.get(Ids, { strict: false }).next()}`;
    const message: Message = {
      messageId,
      type,
      occurredAt: clock.now(),
      accountId: null,
      memberIds: [],
      data: { alertId: 'alert-1', title: 'پرسش – a question' },
      notAfter: null,
      ...extra,
    };
    const transactions = app.get(Transactions, { strict: false });
    await transactions.run((within) => app.get(Outbox, { strict: false }).put([message], within));
    return messageId;
  }

  /** What the worker does at the clock's time. */
  async run(): Promise<void> {
    const { app, clock } = this.service;
    await app.get(OutboxRelay, { strict: false }).runDue(clock.now());
    await app.get(SendWebhooks, { strict: false }).runDue(clock.now());
  }

  /** Moves the clock to the next attempt of the newest delivery and makes it; gives the milliseconds in between. */
  async next(name: string): Promise<number | null> {
    const [delivery] = await this.deliveries(name);
    if (!delivery?.nextAttemptAt) return null;
    const { clock } = this.service;
    const before = clock.now().getTime();
    clock.set(new Date(delivery.nextAttemptAt));
    await this.run();
    return clock.now().getTime() - before;
  }

  /** What the official verifier makes of a call at the time of the test's clock. Throws when it does not accept it. */
  verified(call: ReceivedWebhook, secret = this.secretOf(call.path.slice(1)) ?? ''): unknown {
    const { now } = Date;
    Date.now = () => this.service.clock.now().getTime();
    try {
      return new Webhook(secret).verify(call.body, call.headers as Record<string, string>);
    } finally {
      Date.now = now;
    }
  }

  /** Ids of the messages that came to a path, oldest first. */
  idsAt(path: string): unknown[] {
    return this.receiver.at(path).map(({ headers }) => headers['webhook-id']);
  }

  async forget(): Promise<void> {
    await this.service.database.query('delete from webhook_endpoints');
    await this.service.database.query('delete from webhook_messages');
    this.receiver.received.length = 0;
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.receiver.close();
  }
}
