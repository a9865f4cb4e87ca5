import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '../shared/index.js';
import { LearnFromOutcomes } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** From an outcome to the head that serves: this long at most, and what the learning itself takes. */
const LOOK_EVERY_MILLISECONDS = SECOND / 2;

/** Learns from outcomes as they come and from windows as they close. Of all processes that work, one learns at a time. */
@Injectable()
export class LearningJobs extends JobLoops {
  constructor(learn: LearnFromOutcomes, clock: Clock) {
    super('learning');
    this.every(LOOK_EVERY_MILLISECONDS, async () => void (await learn.runDue(clock.now())));
  }
}
