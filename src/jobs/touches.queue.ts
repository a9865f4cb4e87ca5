import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SECOND } from '../shared/index.js';
import { SendTouches } from '../workflows/index.js';
import { WakefulLoop } from './wakeful-loop.js';

/** Slots are hours long; passing refusals are tried again after a minute. */
const EVERY_MILLISECONDS = 10 * SECOND;

/** Plans and sends the touches whose time has come. */
@Injectable()
export class TouchJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('touches');
  private readonly loop: WakefulLoop;

  constructor(touches: SendTouches) {
    this.loop = new WakefulLoop({
      work: async () => {
        const { planned, begun, cancelled, unknown } = await touches.runDue();
        if (planned + begun + cancelled + unknown > 0)
          this.log.log(`planned ${planned}, begun ${begun}, cancelled ${cancelled}, unknown ${unknown}`);
      },
      everyMilliseconds: EVERY_MILLISECONDS,
      failed: (cause) => this.log.error(cause),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.wake();
  }

  /** Mails under way are written down before the database is left. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
