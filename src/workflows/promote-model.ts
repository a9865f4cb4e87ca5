import type { AuditTrail } from '../access/index.js';
import type { Outbox } from '../delivery/index.js';
import { mayPromote, type ModelEntry, type ModelRegistry, type PromotionAsked } from '../learning/index.js';
import {
  type Clock,
  err,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';

export interface PromoteModelParts {
  transactions: Transactions;
  registry: ModelRegistry;
  audit: AuditTrail;
  /** Whoever keeps models elsewhere is told which one serves. */
  outbox: Outbox;
  clock: Clock;
  ids: Ids;
}

export interface PromoteRefused {
  code: 'unknown-model' | 'already-champion' | 'not-proven' | 'reason-needed' | 'not-champion';
  detail: string;
}

/** Changes which model serves: every process sees it at its next question. */
export class PromoteModel {
  constructor(private readonly parts: PromoteModelParts) {}

  /** Makes a model the champion if the gate lets it, and writes down who did so and why. */
  promote(
    version: string,
    asked: PromotionAsked & { actor: string },
  ): Promise<Result<ModelEntry, PromoteRefused>> {
    const { transactions, registry, clock } = this.parts;
    return transactions.run(async (within) => {
      const champion = await registry.champion(within);
      const challenger = await registry.find(version, within);
      if (!challenger) return err(unknownModel(version));
      const verdict = mayPromote(challenger, champion, asked);
      if (!verdict.ok) return verdict;
      const { unproven } = verdict.value;
      const predecessor = champion?.version ?? null;
      await registry.crown(version, { at: clock.now(), reason: asked.reason, unproven, predecessor }, within);
      await this.audit(
        'model.promoted',
        version,
        asked.actor,
        { reason: asked.reason, unproven, predecessor },
        within,
      );
      await this.tell(version, champion?.version ?? null, asked.reason, within);
      return ok(await this.found(version, within));
    });
  }

  /** Takes the champion out of service: the model that it took the place of serves again, else the fallback rules. */
  rollback(
    version: string,
    asked: { reason: string | null; actor: string },
  ): Promise<Result<{ champion: ModelEntry | null }, PromoteRefused>> {
    const { transactions, registry, clock } = this.parts;
    return transactions.run(async (within) => {
      const champion = await registry.champion(within);
      const model = await registry.find(version, within);
      if (!model) return err(unknownModel(version));
      if (champion?.version !== version) {
        return err({
          code: 'not-champion',
          detail: `Model ${version} does not serve: only the champion can be rolled back.`,
        });
      }
      const before = model.predecessor === null ? null : await registry.find(model.predecessor, within);
      const crowning = {
        at: clock.now(),
        reason: asked.reason ?? `rolled back from ${version}`,
        unproven: before?.unproven ?? false,
        predecessor: before?.predecessor ?? null,
      };
      await registry.crown(before?.version ?? null, crowning, within);
      const detail = { reason: asked.reason, to: before?.version ?? 'fallback-rules' };
      await this.audit('model.rolled-back', version, asked.actor, detail, within);
      await this.tell(before?.version ?? null, version, crowning.reason, within);
      return ok({ champion: before ? await this.found(before.version, within) : null });
    });
  }

  /** `version` null: the fallback rules serve. */
  private tell(
    version: string | null,
    replaced: string | null,
    reason: string | null,
    within: Transaction,
  ): Promise<void> {
    const { outbox, clock, ids } = this.parts;
    const at = clock.now();
    const message = {
      messageId: `msg_${ids.next()}`,
      type: 'model.promoted' as const,
      occurredAt: at,
      accountId: null,
      memberIds: [],
      data: { version, replaced, reason, promotedAt: at.toISOString() },
      notAfter: null,
    };
    return outbox.put([message], within);
  }

  private async found(version: string, within: Transaction): Promise<ModelEntry> {
    const model = await this.parts.registry.find(version, within);
    if (!model) throw new Error(`Model ${version} was there a moment ago`);
    return model;
  }

  private audit(
    action: string,
    version: string,
    actor: string,
    detail: Record<string, string | boolean | null>,
    within: Transaction,
  ): Promise<void> {
    return this.parts.audit.record(
      [{ actor, action, subjectKind: 'model', subjectId: version, detail }],
      within,
    );
  }
}

function unknownModel(version: string): PromoteRefused {
  return {
    code: 'unknown-model',
    detail: `There is no model ${version}. List them with GET /api/v1/models or: nba models list`,
  };
}
