import type { AccountId } from '../catalogue/index.js';
import type { Id } from '../shared/index.js';

export type RunId = Id<'run'>;
export type RunState = 'queued' | 'running' | 'publishing' | 'published' | 'failed' | 'cancelled' | 'blocked';

/** States that a run does not leave any more. */
export const ended: readonly RunState[] = ['published', 'failed', 'cancelled', 'blocked'];

/** Counts over accounts; those of shards add up to those of their run. */
export interface Tally {
  /** Accounts decided in the computing phase. */
  decided: number;
  /** Decisions that say no action. */
  noAction: number;
  /** Decisions put into force. */
  published: number;
  /** Accounts whose list somebody has already seen: left as it is. */
  kept: number;
  /** Accounts whose past changed after their decision, so that it was made again while publishing. */
  decidedAgain: number;
  /** Accounts that changed at every try, or are gone: to be decided when they are asked for. */
  missed: number;
  suggestionsByChannel: Record<string, number>;
  suppressedByRule: Record<string, number>;
}

export const emptyTally = (): Tally => ({
  decided: 0,
  noAction: 0,
  published: 0,
  kept: 0,
  decidedAgain: 0,
  missed: 0,
  suggestionsByChannel: {},
  suppressedByRule: {},
});

export function addTallies(tallies: readonly Partial<Tally>[]): Tally {
  const total = emptyTally();
  for (const tally of tallies) {
    for (const key of ['decided', 'noAction', 'published', 'kept', 'decidedAgain', 'missed'] as const)
      total[key] += tally[key] ?? 0;
    addCounts(total.suggestionsByChannel, tally.suggestionsByChannel ?? {});
    addCounts(total.suppressedByRule, tally.suppressedByRule ?? {});
  }
  return total;
}

function addCounts(into: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(counts)) into[key] = (into[key] ?? 0) + count;
}

/** One re-scoring of all accounts. */
export interface Run {
  runId: RunId;
  /** The day it is for, in the deployment's time zone: 2026-11-22. */
  day: string;
  /** The moment it decides for. */
  asOf: Date;
  state: RunState;
  /** Why it was allowed although the day had one already. */
  forcedBecause: string | null;
  startedBy: string;
  /** Accounts to decide. */
  total: number;
  /** Accounts decided so far. */
  done: number;
  /** Accounts a second over the computing phase so far. */
  ratePerSecond: number | null;
  tally: Tally;
  problem: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** A piece of a run: the accounts after one id up to another, in order of id. */
export interface Shard {
  runId: RunId;
  shard: number;
  afterAccount: AccountId | null;
  lastAccount: AccountId;
  accounts: number;
  state: 'queued' | 'computed' | 'published';
  /** What is counted so far. */
  tally: Partial<Tally>;
}

export type Phase = 'compute' | 'publish';

/** One job of the queue; safe to repeat. */
export interface ShardJob {
  runId: RunId;
  shard: number;
  phase: Phase;
}
