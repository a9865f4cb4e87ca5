import type { AccountId, Accounts } from '../catalogue/index.js';
import type { Decision, DecisionLog, RunRange } from '../recommender/index.js';
import type { Ids, Transaction } from '../shared/index.js';
import { decideMany } from './shard-requests.js';
import type { ShadowDecisions } from './shadow-decisions.js';
import type { Situations } from './situations.js';

export interface ScoreShardParts {
  accounts: Accounts;
  situations: Situations;
  decisions: DecisionLog;
  ids: Ids;
  shadow: Pick<ShadowDecisions, 'offer'>;
}

/** Counts of one computed shard. */
export interface ShardScored {
  decided: number;
  noAction: number;
  suggestionsByChannel: Record<string, number>;
  suppressedByRule: Record<string, number>;
}

/** Accounts of a shard that are in memory at a time: what was read for them is gone before it grows old. */
const AT_A_TIME = 100;

/** The computing half of a run: decides for the accounts of a shard and logs the decisions, which nobody sees yet. */
export class ScoreShard {
  constructor(private readonly parts: ScoreShardParts) {}

  async run(range: RunRange & { accounts: number }, within: Transaction): Promise<ShardScored> {
    const { situations, decisions: log, ids, shadow } = this.parts;
    const world = await situations.world();
    await log.prepare(range.asOf);
    for (const { inputSchema } of [world.model, world.baseline]) {
      if (inputSchema) await log.saveSchema(inputSchema);
    }
    const accountIds = await this.accountsIn(range);
    const scored: ShardScored = { decided: 0, noAction: 0, suggestionsByChannel: {}, suppressedByRule: {} };
    for (let from = 0; from < accountIds.length; from += AT_A_TIME) {
      const some = accountIds.slice(from, from + AT_A_TIME);
      const decisions = await decideMany(
        { runId: range.runId, asOf: range.asOf, accountIds: some },
        world,
        situations,
        ids,
        (made) => shadow.offer(made),
      );
      await log.append(decisions, within);
      count(decisions, scored);
    }
    return scored;
  }

  /** Accounts of the range; those added to it since the run was cut are decided with it. */
  private async accountsIn(range: RunRange & { accounts: number }): Promise<AccountId[]> {
    const found: AccountId[] = [];
    for (let after = range.afterAccount; ;) {
      const ids = await this.parts.accounts.idsAfter(after, range.accounts);
      const last = ids.indexOf(range.lastAccount);
      found.push(...(last < 0 ? ids : ids.slice(0, last + 1)));
      after = ids.at(-1) ?? null;
      if (last >= 0 || after === null || ids.length < range.accounts) return found;
    }
  }
}

function count(decisions: readonly Decision[], scored: ShardScored): void {
  scored.decided += decisions.length;
  for (const { suggestions, suppressed } of decisions) {
    if (suggestions.length === 0) scored.noAction += 1;
    for (const { channelId } of suggestions) add(scored.suggestionsByChannel, channelId, 1);
    for (const { rule, count } of suppressed) add(scored.suppressedByRule, rule, count);
  }
}

function add(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by;
}
