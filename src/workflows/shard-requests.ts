import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccountId } from '../catalogue/index.js';
import {
  BATCH,
  type Decision,
  type DecisionId,
  recommend,
  type Request,
  type SuggestionId,
  type World,
} from '../recommender/index.js';
import type { Ids } from '../shared/index.js';
import type { MadeBeside } from './shadow-decisions.js';
import type { Situations } from './situations.js';

/** Places of a list where the caller does not say: of the nightly run and of a call without limit alike. */
export const DEFAULT_PLACES = 5;

export interface ShardDecisions {
  runId: string;
  asOf: Date;
  accountIds: readonly AccountId[];
}

/**
 * Decides for many accounts. Seeds come from run and account, so that a repeated shard draws the same. Other work of
 * the process has its turn between batches. `made` is told of each, with what it was made from.
 */
export async function decideMany(
  shard: ShardDecisions,
  world: World,
  situations: Situations,
  ids: Ids,
  made: (one: MadeBeside) => void = () => {},
): Promise<Decision[]> {
  const requests = (await situations.of(shard.accountIds, world, shard.asOf)).map((situation): Request => ({
    question: {
      accountId: situation.dossier.account.accountId,
      contactId: null,
      limit: DEFAULT_PLACES,
      context: {},
      role: null,
    },
    situation,
    at: shard.asOf,
    decisionId: ids.next() as DecisionId,
    seed: `${shard.runId}:${situation.dossier.account.accountId}`,
    nextSuggestionId: () => ids.next() as SuggestionId,
    runId: shard.runId,
  }));
  const decisions: Decision[] = [];
  // what is decided is let go of at once: what lives on through a collection of the young costs as much as deciding
  while (requests.length > 0) {
    const batch = requests.splice(0, BATCH);
    for (const [place, { decision }] of recommend(batch, world).entries()) {
      decisions.push(decision);
      made({ request: batch[place] as Request, decision, world });
    }
    await nextTurn();
  }
  return decisions;
}
