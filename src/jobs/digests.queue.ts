import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, MINUTE } from '../shared/index.js';
import { SendDigests } from '../workflows/index.js';
import { WakefulLoop } from './wakeful-loop.js';

/** Sends the digests of members whose hour has come. */
@Injectable()
export class DigestJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('digests');
  private readonly loop: WakefulLoop;

  constructor(digests: SendDigests, clock: Clock) {
    this.loop = new WakefulLoop({
      work: async () => {
        const { sent, failed } = await digests.runDue(clock.now());
        if (sent + failed > 0) this.log.log(`sent ${sent}, not sent ${failed}`);
      },
      everyMilliseconds: MINUTE,
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
