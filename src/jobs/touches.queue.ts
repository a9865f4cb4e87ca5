import { Injectable } from '@nestjs/common';
import { SECOND } from '../shared/index.js';
import { SendTouches } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** Slots are hours long; passing refusals are tried again after a minute. */
const EVERY_MILLISECONDS = 10 * SECOND;

/** Plans and sends the touches whose time has come. */
@Injectable()
export class TouchJobs extends JobLoops {
  constructor(touches: SendTouches) {
    super('touches');
    this.every(EVERY_MILLISECONDS, async () => {
      const { planned, begun, cancelled, unknown } = await touches.runDue();
      if (planned + begun + cancelled + unknown > 0)
        this.log.log(`planned ${planned}, begun ${begun}, cancelled ${cancelled}, unknown ${unknown}`);
    });
  }
}
