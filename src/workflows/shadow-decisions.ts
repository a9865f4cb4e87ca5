import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import {
  decideBeside,
  isOfChampion,
  type ShadowBook,
  type ShadowDecision,
  type ShadowLog,
} from '../learning/index.js';
import type { Decision, PropensityModel, Request, World } from '../recommender/index.js';
import { unitHash } from '../shared/index.js';

/** A decision that was made, with all that it was made from. */
export interface MadeBeside {
  request: Request;
  decision: Decision;
  world: World;
}

/** Decisions that were compared, failed, or were left out; and seconds of the thread for them. */
export abstract class ShadowCounts {
  abstract count(what: 'decisions' | 'errors' | 'skipped' | 'seconds', more: number): void;
}

export interface ShadowDecisionsParts {
  log: Pick<ShadowLog, 'append'>;
  book: Pick<ShadowBook, 'count'>;
  counts: ShadowCounts;
  /** Shares of fresh decisions, and of those of a nightly run, that are compared, 0–1. */
  shares: { fresh: number; nightly: number };
  /** Of a clock that only goes forward. */
  milliseconds: () => number;
  warn: (message: string) => void;
}

/** Decisions that wait for their turn: each holds the situation that it was made from. */
const MOST_WAITING = 500;
/** Milliseconds in which the answer to the first of them is on its way before challengers compute. */
const HEAD_START = 20;
/** Milliseconds that challengers compute at a stretch, and pauses as long as this many stretches: a fifth of a thread. */
const STRETCH = 4;
const PAUSES = 4;
/** Milliseconds for which what was compared waits for company before it is written. */
const GATHER = 500;
const MOST_AT_ONCE = 200;
/** Milliseconds between two warnings. */
const BETWEEN_WARNINGS = 60_000;

/**
 * Asks the models in shadow what they would have done, once the champion's answer is written: the answer neither waits
 * for them nor can be spoilt by them. They take at most a fifth of the thread's time; of what comes faster than that
 * a part is skipped and counted.
 */
export class ShadowDecisions {
  private readonly waiting: MadeBeside[] = [];
  private compared: ShadowDecision[] = [];
  private readonly tallies = new Map<string, { errors: number; skipped: number }>();
  private working: Promise<void> | null = null;
  private readonly stopping = new AbortController();
  private warnedAt = -Infinity;

  constructor(private readonly parts: ShadowDecisionsParts) {}

  /** Gives back at once. Of a decision that comes to nothing after all, what is kept is in no report. */
  offer(made: MadeBeside): void {
    const { decision, world } = made;
    if (!world.challengers?.length || !isOfChampion(decision, world)) return;
    const { fresh, nightly } = this.parts.shares;
    const share = decision.runId === null ? fresh : nightly;
    if (share < 1 && unitHash(`shadow:${decision.decisionId}`) >= share) return;
    if (this.waiting.length >= MOST_WAITING) {
      for (const { version } of world.challengers) this.tally(version, 'skipped');
      return;
    }
    this.waiting.push(made);
    this.working ??= this.work();
  }

  /** Everything that was offered has been compared and written; it does not pause any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    await this.rest(HEAD_START);
    for (let spent = 0; ;) {
      const made = this.waiting.shift();
      if (made) {
        spent += this.compare(made);
        if (spent < STRETCH) await nextTurn();
        else {
          await this.rest(spent * PAUSES);
          spent = 0;
        }
        if (this.compared.length < MOST_AT_ONCE) continue;
      } else {
        await this.rest(GATHER);
        if (this.waiting.length > 0) continue;
      }
      await this.write();
      if (this.waiting.length === 0 && this.compared.length === 0) break;
    }
    this.working = null;
  }

  /** Milliseconds that it took. */
  private compare(made: MadeBeside): number {
    const began = this.parts.milliseconds();
    for (const challenger of made.world.challengers ?? []) this.ask(challenger, made);
    const took = this.parts.milliseconds() - began;
    this.parts.counts.count('seconds', took / 1000);
    return took;
  }

  private ask(challenger: PropensityModel, made: MadeBeside): void {
    const { milliseconds, counts } = this.parts;
    const began = milliseconds();
    try {
      const decided = decideBeside(made, challenger);
      this.compared.push({ ...decided, milliseconds: milliseconds() - began });
      counts.count('decisions', 1);
    } catch (cause) {
      this.failed(challenger.version, cause);
    }
  }

  private async write(): Promise<void> {
    const written = this.compared;
    this.compared = [];
    try {
      const left = await this.parts.log.append(written);
      if (this.stopping.signal.aborted) for (const { version } of left) this.tally(version, 'skipped');
      else this.compared = left;
    } catch (cause) {
      for (const { version } of written) this.failed(version, cause);
    }
    await this.writeTallies();
    if (this.compared.length > 0) await this.rest(GATHER);
  }

  private failed(version: string, cause: unknown): void {
    this.tally(version, 'errors');
    const now = this.parts.milliseconds();
    if (now - this.warnedAt < BETWEEN_WARNINGS) return;
    this.warnedAt = now;
    this.parts.warn(`Model ${version} in shadow did not decide: ${String(cause)}`);
  }

  private tally(version: string, what: 'errors' | 'skipped'): void {
    this.parts.counts.count(what, 1);
    const own = this.tallies.get(version) ?? { errors: 0, skipped: 0 };
    this.tallies.set(version, { ...own, [what]: own[what] + 1 });
  }

  private async writeTallies(): Promise<void> {
    const tallies = [...this.tallies];
    this.tallies.clear();
    for (const [version, more] of tallies) {
      try {
        await this.parts.book.count(version, more);
      } catch (cause) {
        this.parts.warn(`The counts of model ${version} in shadow were not written: ${String(cause)}`);
      }
    }
  }

  private async rest(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: this.stopping.signal });
    } catch (cause) {
      if (!this.stopping.signal.aborted) throw cause;
    }
  }
}
