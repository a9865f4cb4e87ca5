import { Injectable } from '@nestjs/common';
import { SECOND } from '../shared/index.js';
import { CloseUnavailable } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** From a change of the catalogue to the end of what offers a product that is gone. */
const LOOK_EVERY_MILLISECONDS = 2 * SECOND;

/** Takes back suggestions of products that can no longer be had. */
@Injectable()
export class StockJobs extends JobLoops {
  constructor(unavailable: CloseUnavailable) {
    super('stock');
    this.every(LOOK_EVERY_MILLISECONDS, async () => {
      const closed = await unavailable.runDue();
      if (closed > 0) this.log.log(`${closed} suggestions of products that are not available`);
    });
  }
}
