import type { MemberId } from '../../catalogue/index.js';
import { Gate } from './gate.js';
import { RecentEntries } from './recent-entries.js';
import { isFor, type StreamEntry } from './stream-entry.js';
import type { StreamBell } from './stream-bell.js';
import type { StreamLog } from './stream-log.js';

export interface Reader {
  /** Whose accounts limit what is read; null reads everything. Asked again for each entry: it may change under way. */
  member: () => MemberId | null;
  /** Sequence that was seen last; null begins with what comes next; NaN when it cannot be read. */
  after: number | null;
  /** Ends the reading. */
  signal: AbortSignal;
}

/** `position`: where the reader stands, without an entry. `resync`: something was missed; ask for the state again. */
export type Frame =
  | { kind: 'position'; sequence: number }
  | ({ kind: 'entry' } & StreamEntry)
  | { kind: 'resync'; sequence: number };

/** Entries that stay in memory for readers that are nearly up to date. */
const RECENT = 1_000;
const PAGE = 200;
/** Whoever is further back than this many entries of everybody asks for the state again. */
const MOST_BEHIND = 50_000;

/**
 * One process's view of the stream. Each reader has a place in the one sequence and takes what comes next from memory or,
 * when it is further back, from the log: so nothing lies between replay and live, and a slow reader costs no memory.
 */
export class LiveStream {
  private recent: RecentEntries | undefined;
  private starting: Promise<RecentEntries> | undefined;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  private readonly gate = new Gate();
  private readonly closing = new AbortController();

  constructor(
    private readonly log: StreamLog,
    private readonly bell: StreamBell,
    private readonly report: (cause: unknown) => void,
  ) {}

  /** Begins to read. Throws when the log does not answer. */
  async open(reader: Reader): Promise<AsyncGenerator<Frame, void>> {
    const recent = await this.start();
    if (reader.after === null) return this.follow(reader, recent, recent.head, false);
    if (reader.after > recent.head) await this.read();
    const known =
      reader.after <= recent.head &&
      recent.head - reader.after <= MOST_BEHIND &&
      reader.after >= (await this.log.forgottenTo());
    return this.follow(reader, recent, known ? reader.after : recent.head, !known);
  }

  /** Aborted when the service stops: nobody waits for a slow reader then. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Ends all readings and stops listening. */
  async close(): Promise<void> {
    this.closing.abort();
    const started = await this.starting?.catch(() => undefined);
    if (started) await this.bell.stop();
    await this.reading?.catch(this.report);
  }

  /** Listens from the first reader on: a process that serves none needs no connection for it. */
  private start(): Promise<RecentEntries> {
    if (this.closing.signal.aborted) throw new Error('The stream is closed');
    this.starting ??= this.begin().catch((cause: unknown) => {
      this.starting = undefined;
      throw cause;
    });
    return this.starting;
  }

  private async begin(): Promise<RecentEntries> {
    try {
      await this.bell.start(() => this.ring());
      this.recent = new RecentEntries(await this.log.head(), RECENT);
      return this.recent;
    } catch (cause) {
      await this.bell.stop();
      throw cause;
    }
  }

  private ring(): void {
    this.read().catch(this.report);
  }

  /** Takes up what is new. Rings while it reads make it read once more. */
  private read(): Promise<void> {
    const { recent } = this;
    if (!recent || this.closing.signal.aborted) return Promise.resolve();
    this.readAgain = true;
    this.reading ??= this.readOn(recent);
    return this.reading;
  }

  private async readOn(recent: RecentEntries): Promise<void> {
    try {
      do {
        this.readAgain = false;
        const entries = await this.log.after(recent.head, PAGE);
        if (entries.length === PAGE) this.readAgain = true;
        recent.append(entries);
        if (entries.length > 0) this.gate.open();
      } while (this.readAgain && !this.closing.signal.aborted);
    } finally {
      this.reading = undefined;
    }
  }

  private async *follow(
    reader: Reader,
    recent: RecentEntries,
    from: number,
    lost: boolean,
  ): AsyncGenerator<Frame, void> {
    const signal = AbortSignal.any([reader.signal, this.closing.signal]);
    let at = from;
    // what was published before it came is looked up, under what it may see now
    let lookUpTo = recent.head;
    yield lost ? { kind: 'resync', sequence: at } : { kind: 'position', sequence: at };
    while (!signal.aborted) {
      if (recent.head - at > MOST_BEHIND) {
        at = recent.head;
        yield { kind: 'resync', sequence: at };
      } else if (at < lookUpTo || at < recent.floor) {
        lookUpTo = Math.max(lookUpTo, recent.floor);
        const found = await this.log.visible({
          member: reader.member(),
          after: at,
          upTo: lookUpTo,
          limit: PAGE,
        });
        for (const entry of found) {
          if (signal.aborted) return;
          at = entry.sequence;
          yield { kind: 'entry', ...entry };
        }
        if (found.length < PAGE) at = Math.max(at, lookUpTo);
      } else if (at < recent.head) {
        for (const entry of recent.after(at, PAGE)) {
          if (signal.aborted) return;
          at = entry.sequence;
          if (isFor(entry, reader.member()))
            yield { kind: 'entry', sequence: at, event: entry.event, data: entry.data };
        }
      } else {
        await this.gate.wait(signal);
      }
    }
  }
}
