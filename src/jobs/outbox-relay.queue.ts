import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../config.js';
import {
  EditWebhookEndpoints,
  Notifications,
  OUTBOX_CHANNEL,
  OutboxRelay,
  SendWebhooks,
  WEBHOOKS_CHANNEL,
} from '../delivery/index.js';
import { Clock, HOUR, SECOND } from '../shared/index.js';
import { JobLoops } from './job-loops.queue.js';
import type { WakefulLoop } from './wakeful-loop.js';

/** Notifications can be missed, and retries fall due by themselves. */
const LOOK_EVERY_MILLISECONDS = SECOND;
/** While crowds come a message waits so long at most for company: a round costs as many statements for one as for 500. */
const ROUNDS_APART_MILLISECONDS = 200;
/** Fewer messages are no crowd, and the next go at once: an alert should not wait. */
const CROWD = 8;
const ROWS_AT_ONCE = 5000;
/** So long a webhook under way may take when the service stops. */
const GRACE_MILLISECONDS = 2 * SECOND;

/** Carries messages from the outbox to every way out, and from there webhooks to their receivers. */
@Injectable()
export class OutboxJobs extends JobLoops {
  private readonly relaying: WakefulLoop;
  private readonly sending: WakefulLoop;
  private notifications: Notifications | undefined;
  private stopping = false;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly webhooks: SendWebhooks,
    private readonly endpoints: EditWebhookEndpoints,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super('outbox');
    this.relaying = this.every(LOOK_EVERY_MILLISECONDS, () => this.handOver(), {
      apartMilliseconds: ROUNDS_APART_MILLISECONDS,
      crowd: CROWD,
    });
    this.sending = this.every(LOOK_EVERY_MILLISECONDS, () => this.send());
    this.every(HOUR, () => this.purge());
  }

  override async onApplicationBootstrap(): Promise<void> {
    const { databaseUrl } = this.config;
    if (databaseUrl === null) throw new Error('The outbox needs the address of the database');
    this.notifications = new Notifications({
      databaseUrl,
      channels: {
        [OUTBOX_CHANNEL]: () => this.relaying.wake(),
        [WEBHOOKS_CHANNEL]: () => this.sending.wake(),
      },
      troubled: (cause) => this.log.warn(`listening: ${cause.message}`),
    });
    await this.notifications.start();
    await super.onApplicationBootstrap();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.notifications?.close();
    await super.beforeApplicationShutdown();
    await this.webhooks.stop(GRACE_MILLISECONDS);
  }

  private handOver(): Promise<number> {
    return this.relay.runDue(this.clock.now(), () => !this.stopping);
  }

  /** Does not wait for answers: a receiver that hangs holds up nobody. Each end makes room, so it looks again. */
  private async send(): Promise<void> {
    for (const end of await this.webhooks.begin(this.clock.now())) void end.then(() => this.sending.wake());
  }

  private async purge(): Promise<void> {
    while ((await this.endpoints.purge(ROWS_AT_ONCE)) === ROWS_AT_ONCE);
  }
}
