export interface WakefulLoopOptions {
  /** One round of the work, which may say how many things it met; it never runs twice at once. */
  work: () => Promise<number | void>;
  /** A round is made at least this often. */
  everyMilliseconds: number;
  /** After a crowd, a round begins no sooner after the one before began, so that what comes goes together; 0: at once. */
  apartMilliseconds: number;
  /** A round that met fewer is followed by the next at once. */
  crowd: number;
  /** A round failed; the next comes as usual. */
  failed: (cause: unknown) => void;
}

/** Work that is done at once when it is woken, and every so often when it is not. */
export class WakefulLoop {
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  /** Runs from the beginning of a round until the next may begin. */
  private resting: NodeJS.Timeout | undefined;

  constructor(private readonly options: WakefulLoopOptions) {}

  /** Woken during a round or soon after it began, it makes another one. */
  wake(): void {
    if (this.stopped) return;
    if (this.round || this.resting) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.again = false;
    this.rest();
    this.round = this.run();
  }

  /** Ends with the round under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.restNoMore();
    await this.round;
  }

  private async run(): Promise<void> {
    const met = await this.options.work().catch(this.options.failed);
    this.round = undefined;
    if (this.stopped) return;
    if (typeof met === 'number' && met < this.options.crowd) this.restNoMore();
    if (this.again && !this.resting) this.wake();
    else this.timer = setTimeout(() => this.wake(), this.options.everyMilliseconds).unref();
  }

  private rest(): void {
    const { apartMilliseconds } = this.options;
    if (apartMilliseconds === 0) return;
    this.resting = setTimeout(() => {
      this.resting = undefined;
      if (this.again) this.wake();
    }, apartMilliseconds).unref();
  }

  private restNoMore(): void {
    clearTimeout(this.resting);
    this.resting = undefined;
  }
}
