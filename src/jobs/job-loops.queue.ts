import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { WakefulLoop } from './wakeful-loop.js';

/**
 * What a process does by itself from its start until it stops: rounds of work, each made at once, every so often and when
 * it is woken. A round that fails is logged, and the next comes as usual. When the process stops, rounds under way end
 * before the database is left.
 */
export abstract class JobLoops implements OnApplicationBootstrap, BeforeApplicationShutdown {
  protected readonly log: Logger;
  private readonly loops: WakefulLoop[] = [];

  protected constructor(name: string) {
    this.log = new Logger(name);
  }

  /**
   * Called by the constructor; gives the loop to whoever can wake it. Rounds begin `apartMilliseconds` apart at least,
   * unless one met fewer than a `crowd`.
   */
  protected every(
    milliseconds: number,
    work: () => Promise<number | void>,
    { apartMilliseconds = 0, crowd = 0 } = {},
  ): WakefulLoop {
    const failed = (cause: unknown): void => this.log.error(cause);
    const loop = new WakefulLoop({ work, everyMilliseconds: milliseconds, apartMilliseconds, crowd, failed });
    this.loops.push(loop);
    return loop;
  }

  onApplicationBootstrap(): void | Promise<void> {
    for (const loop of this.loops) loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
