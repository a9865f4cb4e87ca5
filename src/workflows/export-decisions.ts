import type { AccountId, Catalogue, Catalogues } from '../catalogue/index.js';
import {
  type EvaluationPolicy,
  type ExportedDecision,
  exportedDecision,
  greedyPolicy,
  loggedPolicy,
  modelPolicy,
  type ModelRegistry,
  ResponseModel,
  type RewardKind,
  unpackArtefact,
} from '../learning/index.js';
import { type Champion, type DecisionLog, inHoldout } from '../recommender/index.js';
import { type Clock, err, ok, type Result } from '../shared/index.js';
import { decisionPages } from './decision-pages.js';
import type { DecisionOutcomes } from './export-outcomes.js';

export interface ExportParts {
  decisions: DecisionLog;
  outcomes: DecisionOutcomes;
  catalogues: Catalogues;
  registry: ModelRegistry;
  baseline: Champion;
  clock: Clock;
  holdout: { salt: string; share: number };
}

export interface ExportWanted {
  /** Decisions in [from, to). */
  from: Date;
  to: Date;
  /** `logged`, `greedy`, `rules`, or `model:<version>`. */
  policy: string;
  reward: RewardKind;
  /** Also decisions of which something may still come. */
  includeOpen: boolean;
  /** Leaves accounts out; nobody: all are given. */
  sees?: (accountIds: readonly AccountId[]) => Promise<ReadonlySet<AccountId>>;
}

/** The decision log with what came of it and what another policy would have done, row by row. */
export class ExportDecisions {
  constructor(private readonly parts: ExportParts) {}

  /** The error is a sentence: there is no such policy. Rows are by account, then time. */
  async rows(wanted: ExportWanted): Promise<Result<AsyncGenerator<ExportedDecision>, string>> {
    const catalogue = await this.parts.catalogues.current();
    const policy = await this.policyOf(wanted.policy, catalogue);
    return policy.ok ? ok(this.page(wanted, policy.value, catalogue)) : policy;
  }

  private async policyOf(name: string, catalogue: Catalogue): Promise<Result<EvaluationPolicy, string>> {
    if (name === 'logged') return ok(loggedPolicy);
    if (name === 'greedy') return ok(greedyPolicy);
    if (name === 'rules') return ok(modelPolicy(await this.parts.baseline.current(), catalogue));
    const [kind, version = ''] = name.split(':', 2);
    const packed = kind === 'model' ? await this.parts.registry.artefact(version) : null;
    if (!packed)
      return err(
        `There is no policy "${name}": logged, greedy, rules, or model:<version> of a model that is kept`,
      );
    return ok(modelPolicy(new ResponseModel(unpackArtefact(packed), version), catalogue));
  }

  private async *page(
    wanted: ExportWanted,
    policy: EvaluationPolicy,
    catalogue: Catalogue,
  ): AsyncGenerator<ExportedDecision> {
    const { decisions: log, outcomes, clock, holdout } = this.parts;
    const at = clock.now();
    for await (const page of decisionPages(log, wanted)) {
      const seen = wanted.sees ? await wanted.sees(page.map(({ accountId }) => accountId)) : null;
      const shown = seen ? page.filter(({ accountId }) => seen.has(accountId)) : page;
      const cameOf = await outcomes.of(shown, catalogue, at);
      for (const decision of shown) {
        const outcome = cameOf.get(decision.decisionId);
        if (!outcome || !(outcome.settled || wanted.includeOpen)) continue;
        const held = inHoldout(decision.accountId, holdout);
        const row = exportedDecision(decision, outcome, { policy, reward: wanted.reward, holdout: held });
        if (row) yield row;
      }
    }
  }
}
