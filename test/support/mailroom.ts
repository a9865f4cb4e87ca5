import type { Config } from '../../src/config.js';
import { HOUR } from '../../src/shared/index.js';
import { SendTouches } from '../../src/workflows/index.js';
import { type PlannedAs, planTouches } from './planned-touches.js';
import { startTestService, type TestService } from './service.js';
import { type SmtpReceiver, startSmtp } from './smtp.js';

type Method = 'put' | 'post' | 'get';

export interface MailroomOptions {
  /** What is particular to each: else performed by us, at no cost, and allowed until somebody says no. */
  channels?: Record<string, { kind: string; [field: string]: unknown }>;
  /** What is particular to each: else content on all the channels, in the same words. */
  actions?: Record<string, object>;
  /** The words. */
  body?: string;
  config?: Partial<Config>;
  now?: Date;
}

/** The service beside a mail server that keeps what it gets. */
export async function startMailroom(options: MailroomOptions = {}): Promise<Mailroom> {
  const smtp = await startSmtp();
  const service = await startTestService({
    config: {
      smtpUrl: smtp.url,
      mailFrom: 'nba@example.test',
      publicUrl: 'https://nba.test',
      ...options.config,
    },
    ...(options.now ? { now: options.now } : {}),
  });
  const scopes = ['catalogue', 'ingest', 'consent', 'read', 'feedback', 'score'] as const;
  const { authorization } = await service.key([...scopes]);
  const room = new Mailroom(service, smtp, authorization);
  await room.open(options);
  return room;
}

export class Mailroom {
  private people = 0;
  private planned = 0;

  constructor(
    readonly service: TestService,
    readonly smtp: SmtpReceiver,
    private readonly authorization: string,
  ) {}

  async open({ channels = {}, actions = {}, body = 'Good news.' }: MailroomOptions): Promise<void> {
    for (const [channelId, channel] of Object.entries(channels))
      await this.call('put', `channels/${channelId}`, {
        name: channelId,
        performedBy: 'automatic',
        costPerTouch: 0,
        leadTimeHours: 0,
        consent: 'opt-out',
        ...channel,
      });
    const outcomeId = 'reply';
    await this.call('put', `outcome-definitions/${outcomeId}`, { event: 'Email Replied', withinDays: 14 });
    for (const [actionId, action] of Object.entries(actions)) {
      await this.call('put', `actions/${actionId}`, {
        name: actionId,
        intent: 'content',
        productIds: [],
        topics: [],
        channelIds: Object.keys(channels),
        outcomeId,
        value: 1,
        lever: 1,
        mandatory: false,
        ...action,
      });
      for (const channelId of Object.keys(channels))
        await this.call('put', `actions/${actionId}/treatments/${channelId}`, {
          channelId,
          locale: null,
          title: 'News',
          body,
        });
    }
  }

  /** `path` below /api/v1. */
  ask(method: Method, path: string, body?: object, authorization = this.authorization) {
    const asked = this.service.http[method](`/api/v1/${path}`).set({ authorization });
    return body ? asked.send(body) : asked;
  }

  /** The body of the answer. Throws when it is a refusal. */
  async call(method: Method, path: string, body?: object) {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Kim, an account of her own that we serve by ourselves. */
  async person(contact: object = {}, account: object = {}): Promise<string> {
    this.people += 1;
    const id = `person-${this.people}`;
    await this.call('put', `accounts/${id}`, {
      name: 'Kim',
      kind: 'person',
      country: 'DE',
      timeZone: 'Europe/Berlin',
      mode: 'automated',
      attributes: {},
      ...account,
    });
    await this.call('put', `contacts/${id}`, {
      accountId: id,
      name: 'Kim',
      email: `${id}@example.test`,
      phone: '+49 30 1',
      ...contact,
    });
    return id;
  }

  /** What she says of marketing on a channel, unless it is about more. */
  says(contactId: string, status: 'granted' | 'withdrawn' | 'pending', more: object = {}) {
    const about = { channelId: 'email', purpose: 'marketing', source: 'contact' };
    return this.call('post', `contacts/${contactId}/consents`, { ...about, status, ...more });
  }

  consents(contactId: string) {
    return this.call('get', `contacts/${contactId}/consents`);
  }

  async isAllowed(contactId: string, channelId: string, purpose = 'marketing'): Promise<boolean | undefined> {
    const { status } = await this.consents(contactId);
    return (status as { channelId: string; purpose: string; allowed: boolean }[]).find(
      (one) => one.channelId === channelId && one.purpose === purpose,
    )?.allowed;
  }

  /** A touch whose time has come, and its suggestion. */
  async plan(
    contactId: string,
    as: Partial<PlannedAs> & Pick<PlannedAs, 'purpose'>,
  ): Promise<{ touchId: string; suggestionId: string }> {
    this.planned += 1;
    const { planned } = this;
    const ids = { touchId: `touch-${planned}`, suggestionId: `suggestion-${planned}` };
    const at = this.service.clock.now();
    const channelId = as.channelId ?? 'email';
    await planTouches(this.service.database, [{ ...ids, accountId: contactId, contactId }], {
      channelId,
      actionId: 'news',
      treatmentId: channelId,
      through: channelId === 'text' ? 'connector' : 'mail',
      slot: { from: at, to: new Date(at.getTime() + 2 * HOUR) },
      at,
      ...as,
    });
    return ids;
  }

  touch(touchId: string) {
    return this.call('get', `touches/${touchId}`);
  }

  report(touchId: string, status: string, more: object = {}) {
    const at = this.service.clock.now().toISOString();
    return this.ask('post', `touches/${touchId}/reports`, { status, at, ...more });
  }

  /** What the worker does at the clock's time. */
  runTouches() {
    return this.service.app.get(SendTouches, { strict: false }).runDue();
  }

  /** Mails to a person of ours. */
  mailsTo(contactId: string) {
    return this.smtp.mails.filter(({ to }) => to === `${contactId}@example.test`);
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.smtp.close();
  }
}
