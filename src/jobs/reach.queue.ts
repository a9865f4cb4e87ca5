import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, MINUTE } from '../shared/index.js';
import { RampReach } from '../workflows/index.js';

const EVERY = MINUTE;

/** Opens new actions to more accounts as touches with them are logged. */
@Injectable()
export class ReachJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('reach');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly reach: RampReach,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.turn();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async turn(): Promise<void> {
    try {
      await this.reach.runDue(this.clock.now());
    } catch (cause) {
      this.log.error(cause);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.turn(), EVERY).unref();
  }
}
