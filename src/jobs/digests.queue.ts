import { Injectable } from '@nestjs/common';
import { Clock, MINUTE } from '../shared/index.js';
import { SendDigests } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** Sends the digests of members whose hour has come. */
@Injectable()
export class DigestJobs extends JobLoops {
  constructor(digests: SendDigests, clock: Clock) {
    super('digests');
    this.every(MINUTE, async () => {
      const { sent, failed } = await digests.runDue(clock.now());
      if (sent + failed > 0) this.log.log(`sent ${sent}, not sent ${failed}`);
    });
  }
}
