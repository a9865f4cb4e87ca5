import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { KEPT_MILLISECONDS, KeptAnswers, Sessions, SignInLinks } from '../access/index.js';
import { AlertRecords } from '../alerts/index.js';
import { type Config, CONFIG } from '../config.js';
import { STREAM_DAYS, StreamLog } from '../delivery/index.js';
import { EventLedger, LEDGER_DAYS } from '../events/index.js';
import { SHADOW_DAYS, ShadowLog } from '../learning/index.js';
import { addDays, Clock } from '../shared/index.js';

const EVERY_HOUR = '17 * * * *';
const ROWS_AT_ONCE = 20_000;
/** How long it can be looked up who had signed in. */
const SESSION_DAYS = 90;

/**
 * Forgets what may be forgotten: entries of the deduplication ledger and of the stream past their horizon, old alerts, what
 * models decided in shadow, kept answers, sign-in links and sessions that are over.
 */
@Injectable()
export class HousekeepingJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('housekeeping');
  private stopping = false;

  constructor(
    private readonly ledger: EventLedger,
    private readonly stream: StreamLog,
    private readonly answers: KeptAnswers,
    private readonly links: SignInLinks,
    private readonly sessions: Sessions,
    private readonly alerts: AlertRecords,
    private readonly shadows: ShadowLog,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    const job = CronJob.from({
      cronTime: EVERY_HOUR,
      onTick: () => {
        this.runDue().catch((cause: unknown) => this.log.error(cause));
      },
    });
    this.schedule.addCronJob('housekeeping', job);
    job.start();
  }

  onApplicationShutdown(): void {
    this.stopping = true;
  }

  /** Everything that is due; also called by tests. */
  async runDue(): Promise<void> {
    const now = this.clock.now();
    await this.inPieces((limit) => this.ledger.purge(addDays(now, -LEDGER_DAYS), limit));
    await this.inPieces((limit) => this.stream.purge(addDays(now, -STREAM_DAYS), limit));
    const alertsFrom = addDays(now, -this.config.alertDays);
    await this.inPieces((limit) => this.alerts.purge(alertsFrom, limit));
    await this.inPieces((limit) => this.shadows.purge(addDays(now, -SHADOW_DAYS), limit));
    await this.answers.purge(new Date(now.getTime() - KEPT_MILLISECONDS));
    await this.links.purge(now);
    await this.sessions.purge(addDays(now, -SESSION_DAYS));
  }

  /** So that no transaction is long. */
  private async inPieces(purge: (limit: number) => Promise<number>): Promise<void> {
    for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE && !this.stopping;) gone = await purge(ROWS_AT_ONCE);
  }
}
