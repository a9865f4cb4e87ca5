import { Inject, Injectable } from '@nestjs/common';
import { FIRINGS_CHANNEL } from '../alerts/index.js';
import { type Config, CONFIG } from '../config.js';
import { Notifications } from '../delivery/index.js';
import { Clock, SECOND } from '../shared/index.js';
import { EscalateAlerts, RaiseAlert } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';
import type { WakefulLoop } from './wakeful-loop.js';

/** What waits for something that should happen falls due by itself, and notifications can be missed. */
const RAISE_EVERY_MILLISECONDS = SECOND;
const ESCALATE_EVERY_MILLISECONDS = 15 * SECOND;

/** Raises alerts as soon as a rule has fired, and tells deputies of those that nobody has seen. */
@Injectable()
export class AlertJobs extends JobLoops {
  private readonly raising: WakefulLoop;
  private notifications: Notifications | undefined;
  private stopping = false;

  constructor(
    private readonly raise: RaiseAlert,
    escalate: EscalateAlerts,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super('alerts');
    this.raising = this.every(RAISE_EVERY_MILLISECONDS, () => this.raiseDue());
    this.every(ESCALATE_EVERY_MILLISECONDS, async () => void (await escalate.runDue(clock.now())));
  }

  override async onApplicationBootstrap(): Promise<void> {
    const { databaseUrl } = this.config;
    if (databaseUrl === null) throw new Error('Alerts need the address of the database');
    this.notifications = new Notifications({
      databaseUrl,
      channels: { [FIRINGS_CHANNEL]: () => this.raising.wake() },
      troubled: (cause) => this.log.warn(`listening: ${cause.message}`),
    });
    await this.notifications.start();
    await super.onApplicationBootstrap();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.notifications?.close();
    await super.beforeApplicationShutdown();
  }

  private async raiseDue(): Promise<void> {
    const { troubles } = await this.raise.runDue(this.clock.now(), () => !this.stopping);
    for (const trouble of troubles) this.log.warn(trouble);
  }
}
