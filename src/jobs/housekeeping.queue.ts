import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { EventLedger, LEDGER_DAYS } from '../events/index.js';
import { addDays, Clock } from '../shared/index.js';

const EVERY_HOUR = '17 * * * *';
const ROWS_AT_ONCE = 20_000;

/** Forgets what may be forgotten: entries of the deduplication ledger past their horizon. */
@Injectable()
export class HousekeepingJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('housekeeping');
  private stopping = false;

  constructor(
    private readonly ledger: EventLedger,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    const job = CronJob.from({
      cronTime: EVERY_HOUR,
      onTick: () => {
        this.purgeLedger().catch((cause: unknown) => this.log.error(cause));
      },
    });
    this.schedule.addCronJob('housekeeping', job);
    job.start();
  }

  onApplicationShutdown(): void {
    this.stopping = true;
  }

  /** In pieces, so that no transaction is long. */
  private async purgeLedger(): Promise<void> {
    const before = addDays(this.clock.now(), -LEDGER_DAYS);
    for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE && !this.stopping;) {
      gone = await this.ledger.purge(before, ROWS_AT_ONCE);
    }
  }
}
