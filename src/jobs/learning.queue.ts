import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { Clock, SECOND } from '../shared/index.js';
import { LearnFromOutcomes } from '../workflows/index.js';

/** From an outcome to the head that serves: this long at most, and what the learning itself takes. */
const LOOK_EVERY_MILLISECONDS = SECOND / 2;

/** Learns from outcomes as they come and from windows as they close. Of all processes that work, one learns at a time. */
@Injectable()
export class LearningJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('learning');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly learn: LearnFromOutcomes,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.wait();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private wait(): void {
    if (this.stopping) return;
    this.timer = setTimeout(() => {
      this.round = this.learn
        .runDue(this.clock.now())
        .then(
          () => undefined,
          (cause: unknown) => this.log.error(cause),
        )
        .finally(() => this.wait());
    }, LOOK_EVERY_MILLISECONDS);
    this.timer.unref();
  }
}
