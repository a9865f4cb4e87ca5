import type { AuditTrail } from '../access/index.js';
import type { Outbox } from '../delivery/index.js';
import {
  type GateJudgement,
  mayPromote,
  type ModelEntry,
  type ModelRegistry,
  type PromotionAsked,
  type ShadowBook,
  type ShadowEnding,
} from '../learning/index.js';
import {
  type Clock,
  err,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import type { JudgeModel } from './judge-model.js';

export interface PromoteModelParts {
  transactions: Transactions;
  registry: ModelRegistry;
  shadows: Pick<ShadowBook, 'end'>;
  judge: Pick<JudgeModel, 'run'>;
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

  /** What the log says of a model beside the champion; null: none serves, or this one does. */
  async judge(
    version: string,
    onProgress?: (decisions: number) => void,
  ): Promise<Result<GateJudgement | null, PromoteRefused>> {
    const { registry, judge } = this.parts;
    const [challenger, champion] = [await registry.find(version), await registry.champion()];
    if (!challenger) return err(unknownModel(version));
    if (!champion || champion.version === version) return ok(null);
    return ok(await judge.run(challenger, champion, onProgress));
  }

  /** Makes a model the champion if the gate lets it, and writes down who did so, why, and what the log said. */
  async promote(
    version: string,
    asked: PromotionAsked & { actor: string },
  ): Promise<Result<ModelEntry, PromoteRefused>> {
    for (;;) {
      const before = await this.parts.registry.champion();
      const judged = await this.judge(version);
      if (!judged.ok) return judged;
      const promoted = await this.promoteOver(before, version, { ...asked, judgement: judged.value });
      if (promoted) return promoted;
    }
  }

  /** Null: the champion is another one than it was judged beside. */
  private promoteOver(
    before: ModelEntry | null,
    version: string,
    asked: PromotionAsked & { actor: string; judgement: GateJudgement | null },
  ): Promise<Result<ModelEntry, PromoteRefused> | null> {
    const { transactions, registry } = this.parts;
    return transactions.run(async (within) => {
      const champion = await registry.champion(within);
      if (champion?.version !== before?.version) return null;
      const challenger = await registry.find(version, within);
      if (!challenger) return err(unknownModel(version));
      const verdict = mayPromote(challenger, champion, asked.judgement, asked);
      if (!verdict.ok) {
        if (verdict.error.disproved) await this.endShadow(version, 'rejected', asked.actor, within);
        return verdict;
      }
      await this.crown(version, champion, { ...asked, ...verdict.value }, within);
      return ok(await this.found(version, within));
    });
  }

  private async crown(
    version: string,
    champion: ModelEntry | null,
    given: { reason: string | null; actor: string; unproven: boolean; judgement: GateJudgement | null },
    within: Transaction,
  ): Promise<void> {
    const { reason, actor, unproven, judgement } = given;
    const predecessor = champion?.version ?? null;
    const crowning = { at: this.parts.clock.now(), reason, unproven, predecessor };
    await this.parts.registry.crown(version, crowning, within);
    await this.endShadow(version, 'promoted', actor, within);
    const log = judgement && {
      verdict: judgement.verdict,
      decisions: judgement.decisions,
      difference: judgement.difference.value,
      low: judgement.difference.low,
      high: judgement.difference.high,
    };
    await this.audit('model.promoted', version, actor, { reason, unproven, predecessor, ...log }, within);
    await this.tell(version, predecessor, reason, within);
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

  /** It has been decided about: where it was in shadow, it is there no longer. */
  private async endShadow(
    version: string,
    because: ShadowEnding,
    actor: string,
    within: Transaction,
  ): Promise<void> {
    const { shadows, clock } = this.parts;
    if (await shadows.end(version, because, clock.now(), within))
      await this.audit('model.shadow-ended', version, actor, { because }, within);
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
    detail: Record<string, string | number | boolean | null>,
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
