import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SECOND } from '../shared/index.js';
import { SendConfirmations } from '../workflows/index.js';
import { WakefulLoop } from './wakeful-loop.js';

/** Whoever has just agreed looks into the mailbox. */
const EVERY_MILLISECONDS = 10 * SECOND;

/** Asks contacts to confirm what was agreed to in their name. */
@Injectable()
export class ConfirmationJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('confirmations');
  private readonly loop: WakefulLoop;

  constructor(confirmations: SendConfirmations) {
    this.loop = new WakefulLoop({
      work: async () => {
        const sent = await confirmations.runDue();
        if (sent > 0) this.log.log(`asked for ${sent} confirmations`);
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
