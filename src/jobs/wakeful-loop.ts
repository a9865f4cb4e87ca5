export interface WakefulLoopOptions {
  /** One round of the work; it never runs twice at once. */
  work: () => Promise<void>;
  /** A round is made at least this often. */
  everyMilliseconds: number;
  /** A round failed; the next comes as usual. */
  failed: (cause: unknown) => void;
}

/** Work that is done at once when it is woken, and every so often when it is not. */
export class WakefulLoop {
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WakefulLoopOptions) {}

  /** Woken during a round, it makes another one after it. */
  wake(): void {
    if (this.stopped) return;
    if (this.round) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.round = this.run();
  }

  /** Ends with the round under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      await this.options.work().catch(this.options.failed);
    } while (this.again && !this.stopped);
    this.round = undefined;
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), this.options.everyMilliseconds).unref();
  }
}
