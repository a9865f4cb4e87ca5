import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../config.js';
import { Notifications, PUSH_CHANNEL, PushDeliveries, SendPushes } from '../delivery/index.js';
import { addDays, Clock, HOUR, SECOND } from '../shared/index.js';
import { JobLoops } from './job-loops.queue.js';
import type { WakefulLoop } from './wakeful-loop.js';

/** Notifications can be missed, and what was held or is tried again falls due by itself. */
const LOOK_EVERY_MILLISECONDS = SECOND;
/** How long it can be looked up whether something rang. */
const KEPT_DAYS = 7;
const ROWS_AT_ONCE = 5000;
/** So long a push under way may take when the service stops. */
const GRACE_MILLISECONDS = 2 * SECOND;

/** Rings at the devices of members as soon as something is for them. */
@Injectable()
export class PushJobs extends JobLoops {
  private readonly sending: WakefulLoop;
  private notifications: Notifications | undefined;

  constructor(
    private readonly pushes: SendPushes,
    private readonly deliveries: PushDeliveries,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super('push');
    this.sending = this.every(LOOK_EVERY_MILLISECONDS, () => this.send());
    this.every(HOUR, () => this.purge());
  }

  override async onApplicationBootstrap(): Promise<void> {
    const { databaseUrl } = this.config;
    if (databaseUrl === null) throw new Error('Pushes need the address of the database');
    this.notifications = new Notifications({
      databaseUrl,
      channels: { [PUSH_CHANNEL]: () => this.sending.wake() },
      troubled: (cause) => this.log.warn(`listening: ${cause.message}`),
    });
    await this.notifications.start();
    await super.onApplicationBootstrap();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await this.notifications?.close();
    await super.beforeApplicationShutdown();
    await this.pushes.stop(GRACE_MILLISECONDS);
  }

  /** Does not wait for answers: a push service that hangs holds up nobody. Each end makes room, so it looks again. */
  private async send(): Promise<void> {
    for (const end of await this.pushes.begin(this.clock.now())) void end.then(() => this.sending.wake());
  }

  private async purge(): Promise<void> {
    const before = addDays(this.clock.now(), -KEPT_DAYS);
    while ((await this.deliveries.purge(before, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
  }
}
