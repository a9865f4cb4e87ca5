/** One call's items, waiting to be taken in. */
export interface Waiting<Batch, Answer> {
  batch: Batch;
  size: number;
  resolve: (answer: Answer) => void;
  reject: (cause: unknown) => void;
}

export interface QueueOptions {
  /** Groups under way at the same time. */
  lanes: number;
  /** A group is closed when it has this many items. */
  groupItems: number;
  /**
   * While others ask as well, a group waits until as many are there as asked at a time lately, or nobody came for a
   * millisecond, and so long at most; absent: it does not.
   */
  gatherMilliseconds?: number;
}

const QUIET_MILLISECONDS = 1;
/** Calls: how many ask at a time is forgotten slowly, since a group often misses somebody who comes again. */
const FORGOTTEN_A_GROUP = 1 / 8;

/**
 * Group commit: batches that come while others are being written wait, and then go together in one transaction. Under
 * load this shares the cost of locks, round trips and the flush to disk; without load nothing waits. When a group
 * fails, each of its batches is tried alone, so that none fails for another's fault.
 */
export class BatchQueue<Batch, Answer> {
  private readonly waiting: Waiting<Batch, Answer>[] = [];
  private busy = 0;
  private items = 0;
  private calls = 0;
  /** Calls at a time lately: once so many wait, nobody else is expected. */
  private company = 0;
  /** The latest group had company. */
  private crowded = false;
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: (batches: readonly Batch[]) => Promise<Answer[]>,
    private readonly options: QueueOptions,
  ) {}

  /** Items that are waiting or being written. */
  get load(): number {
    return this.items;
  }

  add(batch: Batch, size: number): Promise<Answer> {
    this.items += size;
    this.calls += 1;
    this.company = Math.max(this.company, this.calls);
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.push({ batch, size, resolve, reject });
      this.gather();
    }).finally(() => {
      this.items -= size;
      this.calls -= 1;
    });
  }

  /** Begins at once when nobody else asks, or a group is full. */
  private gather(): void {
    const { gatherMilliseconds, groupItems } = this.options;
    const there = this.waiting.length;
    if (this.busy >= this.options.lanes || there === 0) return;
    const alone = this.busy === 0 && !this.crowded;
    const expected = Math.min(groupItems, this.company);
    if (gatherMilliseconds === undefined || alone || there >= expected) this.start();
    else if (!this.gathering) this.wait(there, performance.now() + gatherMilliseconds);
  }

  private wait(there: number, until: number): void {
    this.gathering = setTimeout(() => {
      const now = this.waiting.length;
      if (now > there && now < this.options.groupItems && performance.now() < until) this.wait(now, until);
      else this.start();
    }, QUIET_MILLISECONDS);
  }

  private start(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    while (this.busy < this.options.lanes && this.waiting.length > 0) {
      this.busy += 1;
      this.company = Math.max(this.calls, this.company - FORGOTTEN_A_GROUP);
      void this.runGroup(this.nextGroup()).finally(() => {
        this.busy -= 1;
        this.gather();
      });
    }
  }

  private nextGroup(): Waiting<Batch, Answer>[] {
    let size = 0;
    let count = 0;
    for (const { size: next } of this.waiting) {
      if (count > 0 && size + next > this.options.groupItems) break;
      size += next;
      count += 1;
    }
    this.crowded = count > 1;
    return this.waiting.splice(0, count);
  }

  private async runGroup(group: readonly Waiting<Batch, Answer>[]): Promise<void> {
    try {
      settle(group, await this.work(group.map(({ batch }) => batch)));
    } catch (cause) {
      const [only, ...others] = group;
      if (only && others.length === 0) only.reject(cause);
      else for (const one of group) await this.runGroup([one]);
    }
  }
}

function settle<Batch, Answer>(group: readonly Waiting<Batch, Answer>[], answers: readonly Answer[]): void {
  group.forEach(({ resolve, reject }, place) => {
    const answer = answers[place];
    if (answer === undefined) reject(new Error('A group gave fewer answers than it has batches'));
    else resolve(answer);
  });
}
