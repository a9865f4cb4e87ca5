import { Injectable } from '@nestjs/common';
import { MINUTE } from '../shared/index.js';
import { OverdueTasks } from '../workflows/index.js';
import { JobLoops } from './job-loops.queue.js';

/** Looks for tasks and promises whose time is over. */
@Injectable()
export class TaskJobs extends JobLoops {
  constructor(tasks: OverdueTasks) {
    super('tasks');
    this.every(MINUTE, async () => {
      const told = await tasks.runDue();
      if (told > 0) this.log.log(`${told} overdue`);
    });
  }
}
