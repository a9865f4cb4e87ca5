import type { AccountId } from '../catalogue/index.js';
import {
  type Decision,
  type DecisionEffect,
  type DecisionLog,
  type DecisionOutline,
  type RunDecisions,
  type RunRange,
  type World,
} from '../recommender/index.js';
import type { Clock, Ids, Transaction } from '../shared/index.js';
import type { DecisionGate } from './decision-gate.js';
import type { PublishDecisions, Published } from './publish-decisions.js';
import { decideMany } from './shard-requests.js';
import type { Situations } from './situations.js';

export interface PublishShardParts {
  gate: DecisionGate;
  log: DecisionLog;
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
  /** Accounts that changed meanwhile: another round is due, in which they are decided again. */
  left: AccountId[];
}

/**
 * The publishing half of a run: puts the logged decisions of a shard into force under the accounts' locks. What
 * somebody has seen is kept; an account whose past, rules or catalogue have changed since is decided again first.
 * All that is read happens before the locks: while they are held, only their own connection is used.
 */
export class PublishShard {
  constructor(private readonly parts: PublishShardParts) {}

  /**
   * One round over what is not settled yet; `again` are accounts that the round before left. In the last round, what is
   * left is settled as `stale`.
   */
  async round(
    range: RunRange,
    again: readonly AccountId[],
    last: boolean,
    within: Transaction,
  ): Promise<ShardPublished> {
    const { decisions: log, publish, clock, situations } = this.parts;
    const world = await situations.world();
    const at = clock.now();
    // Before the log is read: making room for a month waits for all who have.
    await publish.prepare(at);
    const logged = await log.of(range, within);
    const outdated = await this.outdated(logged, again, world);
    const remade = await this.decideAgain(outdated, range.runId, at, world, within);
    const current = logged.filter(({ accountId }) => !outdated.has(accountId));
    const published = await publish.logged([...current, ...remade], world.catalogue, at, within);
    const effects = effectsOf({ logged, remade }, published, last);
    await log.settle(effects, range.runId, at, within);
    const made = new Set<DecisionOutline>(remade);
    const settled = new Set([...accountsOf(published.written), ...published.kept]);
    return {
      published: published.written.length,
      kept: published.kept.length,
      decidedAgain: published.written.filter((decision) => made.has(decision)).length,
      left: accountsOf(logged).filter((accountId) => !settled.has(accountId)),
    };
  }

  /** Accounts whose past, rules, catalogue or features are no longer those that the decision read. */
  private async outdated(
    decisions: readonly DecisionOutline[],
    again: readonly AccountId[],
    world: World,
  ): Promise<Set<AccountId>> {
    const standing = await this.parts.gate.look(accountsOf(decisions));
    const stands = (decision: DecisionOutline): boolean =>
      isCurrent(decision, world) && standing.get(decision.accountId)?.policyEpoch === decision.policyEpoch;
    return new Set([...again, ...accountsOf(decisions.filter((decision) => !stands(decision)))]);
  }

  private async decideAgain(
    outdated: ReadonlySet<AccountId>,
    runId: string,
    asOf: Date,
    world: World,
    within: Transaction,
  ): Promise<Decision[]> {
    const { situations, ids, log } = this.parts;
    if (outdated.size === 0) return [];
    const decisions = await decideMany({ runId, asOf, accountIds: [...outdated] }, world, situations, ids);
    await log.append(decisions, within);
    return decisions;
  }
}

const accountsOf = (decisions: readonly DecisionOutline[]): AccountId[] =>
  decisions.map(({ accountId }) => accountId);

interface Effect {
  accountId: AccountId;
  decisionId: DecisionOutline['decisionId'];
  effect: DecisionEffect;
}

/** What became of each decision. The logged one of an account that is to be looked at again has no effect yet. */
function effectsOf(
  { logged, remade }: { logged: readonly DecisionOutline[]; remade: readonly DecisionOutline[] },
  { written, kept }: Published<DecisionOutline>,
  last: boolean,
): Effect[] {
  const inForce = new Set(written);
  const seen = new Set(kept);
  const done = new Set([...accountsOf(written), ...kept]);
  const again = new Set(accountsOf(remade));
  const effectOf = (decision: DecisionOutline, latest: boolean): DecisionEffect => {
    if (inForce.has(decision)) return 'published';
    return latest && seen.has(decision.accountId) ? 'kept' : 'stale';
  };
  const settled = logged.filter(({ accountId }) => last || done.has(accountId));
  return [
    ...settled.map((decision) => ({ decision, effect: effectOf(decision, !again.has(decision.accountId)) })),
    ...remade.map((decision) => ({ decision, effect: effectOf(decision, true) })),
  ].map(({ decision: { accountId, decisionId }, effect }) => ({ accountId, decisionId, effect }));
}

/** The rules, the catalogue and the features that the decision read are still the ones in force. */
function isCurrent({ versions }: DecisionOutline, { catalogue, rules, featureSet }: World): boolean {
  return (
    versions.catalogue === catalogue.version &&
    versions.rules === rules.version &&
    versions.featureSet === featureSet.version
  );
}
