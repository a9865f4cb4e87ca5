import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '../../config.js';
import { Clock, MINUTE, SECOND } from '../../shared/index.js';
import { ReceiveEvents } from '../../workflows/index.js';
import { Problem } from '../http/problem.js';

/** Items that may wait to be written in this process: a few seconds of work. */
const LOAD_MAX = 50_000;
const KEYS_COUNTED = 10_000;

/** Keeps senders from asking more than can be done: 429 with Retry-After, which SDKs obey without losing anything. */
@Injectable()
export class IngestGate {
  private readonly windows = new LRUCache<string, { from: number; calls: number }>({ max: KEYS_COUNTED });

  constructor(
    private readonly receiveEvents: ReceiveEvents,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws when this key has used up its calls of the minute, or the process has enough to do. */
  pass(keyId: string): void {
    if (this.receiveEvents.load > LOAD_MAX) {
      this.refuse(1, 'More events are coming in than can be stored at once.');
    }
    const now = this.clock.now().getTime();
    const limit = this.config.ingestLimitPerMinute;
    let window = this.windows.get(keyId);
    if (!window || now - window.from >= MINUTE || now < window.from) {
      window = { from: now, calls: 0 };
      this.windows.set(keyId, window);
    }
    window.calls += 1;
    if (window.calls <= limit) return;
    const seconds = Math.ceil((window.from + MINUTE - now) / SECOND);
    this.refuse(seconds, `This key may make ${limit} ingestion calls a minute.`);
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
