import type { AccountId } from '../catalogue/index.js';
import {
  type Decision,
  type RunDecisions,
  type RunRange,
  versionsKey,
  type World,
} from '../recommender/index.js';
import type { Clock, Ids, Transaction } from '../shared/index.js';
import type { PublishDecisions, Published } from './publish-decisions.js';
import { decideMany } from './shard-requests.js';
import type { Situations } from './situations.js';

export interface PublishShardParts {
  decisions: RunDecisions;
  publish: PublishDecisions;
  situations: Situations;
  clock: Clock;
  ids: Ids;
}

export interface ShardPublished {
  published: number;
  kept: number;
  decidedAgain: number;
}

/**
 * The publishing half of a run: puts the logged decisions of a shard into force under the accounts' locks. What
 * somebody has seen is kept; an account whose past, rules or catalogue have changed since is decided again first.
 */
export class PublishShard {
  constructor(private readonly parts: PublishShardParts) {}

  async run(range: RunRange, within: Transaction): Promise<ShardPublished> {
    const { decisions: log, publish, clock } = this.parts;
    const world = await this.parts.situations.world();
    // Before the log is read: making room for a month waits for all who have.
    await publish.prepare(clock.now());
    const decisions = await log.of(range, within);
    const current = decisions.filter((decision) => isCurrent(decision, world));
    const at = clock.now();
    const first = await publish.run(
      current,
      world.catalogue,
      { stateMustStand: false, keepSeen: true, logged: true },
      at,
      within,
    );
    const outdated = decisions
      .filter((decision) => !isCurrent(decision, world))
      .map(({ accountId }) => accountId);
    const stale = [...first.stale, ...outdated];
    const second = await this.again(stale, range, world, within);
    await this.settle(decisions, first, second, range.runId, at, within);
    return {
      published: first.written.length + second.written.length,
      kept: first.kept.length + second.kept.length,
      decidedAgain: second.written.length,
    };
  }

  private async again(
    accountIds: readonly AccountId[],
    range: RunRange,
    world: World,
    within: Transaction,
  ): Promise<Published> {
    const { publish, situations, clock, ids } = this.parts;
    if (accountIds.length === 0) return { written: [], stale: [], kept: [] };
    const asOf = clock.now();
    const decisions = await decideMany({ runId: range.runId, asOf, accountIds }, world, situations, ids);
    return await publish.run(
      decisions,
      world.catalogue,
      { stateMustStand: false, keepSeen: true },
      asOf,
      within,
    );
  }

  private async settle(
    decisions: readonly Decision[],
    first: Published,
    second: Published,
    runId: string,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    const written = new Set(first.written.map(({ decisionId }) => decisionId));
    const kept = new Set([...first.kept, ...second.kept]);
    const effects = decisions.map(({ accountId, decisionId }) => ({
      accountId,
      decisionId,
      effect: written.has(decisionId)
        ? ('published' as const)
        : kept.has(accountId)
          ? ('kept' as const)
          : ('stale' as const),
    }));
    const replaced = second.written.map(({ accountId, decisionId }) => ({
      accountId,
      decisionId,
      effect: 'published' as const,
    }));
    await this.parts.decisions.settle([...effects, ...replaced], runId, at, within);
  }
}

/** The rules, the catalogue and the features that the decision read are still the ones in force. */
function isCurrent({ versions }: Decision, { catalogue, rules, featureSet }: World): boolean {
  const now = {
    catalogue: catalogue.version,
    rules: rules.version,
    featureSet: featureSet.version,
    model: versions.model,
  };
  return versionsKey(versions) === versionsKey(now);
}
