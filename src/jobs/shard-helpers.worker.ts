import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.js';
import { SECOND } from '../shared/index.js';

const PROGRAM = fileURLToPath(new URL('../shard-helper.js', import.meta.url));
/** For what lives long: a helper holds the world that it decides with, and some accounts at a time. */
const HEAP_MEBIBYTES = 256;
/** For what dies young: what an account needed is gone before the space is full, instead of being moved. */
const YOUNG_MEBIBYTES = 32;
/** Helpers of one run that may be lost before no more are started: what ends them would end the next. */
const MOST_LOST = 3;
/** A shard that is under way is finished before; one that hangs is another's to do. */
const PATIENCE_MILLISECONDS = 20 * SECOND;

/** Asks a helper to finish what is under way and to end. One that is left by its starter ends at once. */
export const END = 'end';

export interface HelperLog {
  log(message: string): void;
  warn(message: string): void;
}

/**
 * Processes of the same program beside this one, for the time of a run: one thread computes on one core. They take shards
 * from the queue as any worker does, so that losing one loses nothing, and each has memory of its own with a bound.
 */
export class ShardHelpers {
  private readonly helpers = new Set<ChildProcess>();
  private lost = 0;

  constructor(
    private readonly config: Config,
    private readonly log: HelperLog,
  ) {}

  /** Starts those that are not there yet. */
  gather(): void {
    while (this.helpers.size < this.config.rescoringProcesses - 1 && this.lost < MOST_LOST) this.start();
  }

  /** Ends them, and waits until they are gone. */
  async dismiss(): Promise<void> {
    this.lost = 0;
    const leaving = [...this.helpers];
    this.helpers.clear();
    await Promise.all(leaving.map(ended));
  }

  private start(): void {
    const helper = fork(PROGRAM, {
      execArgv: [
        '--enable-source-maps',
        `--max-old-space-size=${HEAP_MEBIBYTES}`,
        `--max-semi-space-size=${YOUNG_MEBIBYTES}`,
      ],
      // its log is this process's; standard output is for results of commands
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.helpers.add(helper);
    const lose = (how: string): void => {
      if (!this.helpers.delete(helper)) return;
      this.lost += 1;
      this.log.warn(`A helper of the run ${how}: its shards are done by others`);
    };
    helper.once('exit', (code, signal) => lose(`ended by ${signal ?? `itself with code ${code}`}`));
    helper.once('error', (cause) => lose(`could not be started or reached (${cause.message})`));
    // By the channel: nobody else sees the password of the database.
    helper.send(this.config, (cause) => cause && lose(`could not be told what to do (${cause.message})`));
    this.log.log(`A helper of the run was started, process ${helper.pid}`);
  }
}

async function ended(helper: ChildProcess): Promise<void> {
  if (helper.exitCode !== null || helper.signalCode !== null || helper.pid === undefined) return;
  const exit = once(helper, 'exit');
  helper.send(END, () => undefined);
  const patience = new AbortController();
  const late = delay(PATIENCE_MILLISECONDS, 'late', { signal: patience.signal }).catch(() => undefined);
  if ((await Promise.race([exit, late])) === 'late') helper.kill('SIGKILL');
  patience.abort();
  await exit;
}
