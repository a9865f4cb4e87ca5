import { Injectable } from '@nestjs/common';
import { SECOND } from '../shared/index.js';
import { SendConfirmations } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** Whoever has just agreed looks into the mailbox. */
const EVERY_MILLISECONDS = 10 * SECOND;

/** Asks contacts to confirm what was agreed to in their name. */
@Injectable()
export class ConfirmationJobs extends JobLoops {
  constructor(confirmations: SendConfirmations) {
    super('confirmations');
    this.every(EVERY_MILLISECONDS, async () => {
      const sent = await confirmations.runDue();
      if (sent > 0) this.log.log(`asked for ${sent} confirmations`);
    });
  }
}
