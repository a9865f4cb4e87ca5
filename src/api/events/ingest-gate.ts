import { HttpStatus, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { SECOND } from '../../shared/index.js';
import { ReceiveEvents } from '../../workflows/index.js';
import { Problem } from '../http/problem.js';
import { CallCounter } from './call-counter.js';

/** Items that may wait to be written in this process: a few seconds of work. */
const LOAD_MAX = 50_000;

/** Keeps senders from asking more than can be done: 429 with Retry-After, which SDKs obey without losing anything. */
@Injectable()
export class IngestGate implements OnApplicationShutdown {
  constructor(
    private readonly receiveEvents: ReceiveEvents,
    private readonly counter: CallCounter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws when this key has used up its calls of the minute, or the process has enough to do. */
  async pass(keyId: string): Promise<void> {
    if (this.receiveEvents.load > LOAD_MAX) {
      this.refuse(1, 'More events are coming in than can be stored at once.');
    }
    const limit = this.config.ingestLimitPerMinute;
    const { calls, left } = await this.counter.count(keyId);
    if (calls <= limit) return;
    this.refuse(
      Math.max(1, Math.ceil(left / SECOND)),
      `This key may make ${limit} ingestion calls a minute.`,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.counter.close();
  }

  private refuse(seconds: number, why: string): never {
    const again = `${why} Send the same again in ${seconds} seconds.`;
    throw new Problem(
      'too-many-requests',
      HttpStatus.TOO_MANY_REQUESTS,
      'Too many requests',
      again,
      [],
      seconds,
    );
  }
}
