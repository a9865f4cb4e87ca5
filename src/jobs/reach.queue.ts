import { Injectable } from '@nestjs/common';
import { Clock, MINUTE } from '../shared/index.js';
import { RampReach } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** Opens new actions to more accounts as touches with them are logged. */
@Injectable()
export class ReachJobs extends JobLoops {
  constructor(reach: RampReach, clock: Clock) {
    super('reach');
    this.every(MINUTE, async () => void (await reach.runDue(clock.now())));
  }
}
