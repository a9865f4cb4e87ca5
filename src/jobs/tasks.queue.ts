import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { MINUTE } from '../shared/index.js';
import { OverdueTasks } from '../workflows/index.js';
import { WakefulLoop } from './wakeful-loop.js';

/** Looks for tasks and promises whose time is over. */
@Injectable()
export class TaskJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('tasks');
  private readonly loop: WakefulLoop;

  constructor(tasks: OverdueTasks) {
    this.loop = new WakefulLoop({
      work: async () => {
        const told = await tasks.runDue();
        if (told > 0) this.log.log(`${told} overdue`);
      },
      everyMilliseconds: MINUTE,
      failed: (cause) => this.log.error(cause),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
