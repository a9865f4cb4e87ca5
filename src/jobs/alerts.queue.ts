import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { FIRINGS_CHANNEL } from '../alerts/index.js';
import { type Config, CONFIG } from '../config.js';
import { Notifications } from '../delivery/index.js';
import { Clock, SECOND } from '../shared/index.js';
import { EscalateAlerts, RaiseAlert } from '../workflows/index.js';
import { WakefulLoop } from './wakeful-loop.js';

/** What waits for something that should happen falls due by itself, and notifications can be missed. */
const RAISE_EVERY_MILLISECONDS = SECOND;
const ESCALATE_EVERY_MILLISECONDS = 15 * SECOND;

/** Raises alerts as soon as a rule has fired, and tells deputies of those that nobody has seen. */
@Injectable()
export class AlertJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('alerts');
  private readonly raising: WakefulLoop;
  private readonly escalating: WakefulLoop;
  private notifications: Notifications | undefined;
  private stopping = false;

  constructor(
    private readonly raise: RaiseAlert,
    private readonly escalate: EscalateAlerts,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const failed = (cause: unknown): void => this.log.error(cause);
    this.raising = new WakefulLoop({
      work: () => this.raiseDue(),
      everyMilliseconds: RAISE_EVERY_MILLISECONDS,
      failed,
    });
    this.escalating = new WakefulLoop({
      work: async () => void (await this.escalate.runDue(this.clock.now())),
      everyMilliseconds: ESCALATE_EVERY_MILLISECONDS,
      failed,
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    const { databaseUrl } = this.config;
    if (databaseUrl === null) throw new Error('Alerts need the address of the database');
    this.notifications = new Notifications({
      databaseUrl,
      channels: { [FIRINGS_CHANNEL]: () => this.raising.wake() },
      troubled: (cause) => this.log.warn(`listening: ${cause.message}`),
    });
    await this.notifications.start();
    this.raising.wake();
    this.escalating.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.notifications?.close();
    await Promise.all([this.raising.stop(), this.escalating.stop()]);
  }

  private async raiseDue(): Promise<void> {
    const { troubles } = await this.raise.runDue(this.clock.now(), () => !this.stopping);
    for (const trouble of troubles) this.log.warn(trouble);
  }
}
