import type { Accounts, Catalogue, Catalogues } from '../catalogue/index.js';
import {
  contrastOf,
  type GateJudgement,
  judgeChallenger,
  type ModelEntry,
  modelKey,
  type ModelRegistry,
  type PolicyContrast,
  rescoredArms,
  ResponseModel,
  type ShadowLog,
  unpackArtefact,
} from '../learning/index.js';
import type { Decision, DecisionLog } from '../recommender/index.js';
import { type Clock, seededRng } from '../shared/index.js';
import { decisionPages } from './decision-pages.js';
import { segmentsOf } from './decision-segments.js';
import type { DecisionOutcomes } from './export-outcomes.js';

export interface JudgeModelParts {
  decisions: DecisionLog;
  outcomes: DecisionOutcomes;
  accounts: Accounts;
  catalogues: Catalogues;
  registry: ModelRegistry;
  shadows: Pick<ShadowLog, 'scoredBy'>;
  clock: Clock;
}

/** More decisions than this are not read: the interval is narrow long before. */
const MOST_DECISIONS = 200_000;

/** What the log of the champion's decisions says of a challenger. Nothing is changed. */
export class JudgeModel {
  constructor(private readonly parts: JudgeModelParts) {}

  /**
   * On the champion's decisions that were made after the challenger's last training row, of which nothing more can come.
   * Where it was in shadow, what it said then counts; else it is asked now, from the logged inputs.
   * Seeded by the two models: the same log gives the same judgement.
   */
  async run(
    challenger: ModelEntry,
    champion: ModelEntry,
    onProgress: (decisions: number) => void = () => {},
  ): Promise<GateJudgement> {
    const { registry, catalogues, clock } = this.parts;
    const packed = await registry.artefact(challenger.version);
    if (!packed) throw new Error(`The registry lost the artefact of model ${challenger.version}`);
    const judged = {
      model: new ResponseModel(unpackArtefact(packed), challenger.version),
      catalogue: await catalogues.current(),
    };
    const contrasts: PolicyContrast[] = [];
    const deciding = modelKey(champion);
    const range = { from: unseenFrom(challenger, champion), to: clock.now() };
    for await (const page of decisionPages(this.parts.decisions, range)) {
      const own = page.filter(({ versions }) => versions.model === deciding);
      contrasts.push(...(await this.contrasts(own, judged)));
      onProgress(contrasts.length);
      if (contrasts.length >= MOST_DECISIONS) break;
    }
    return judgeChallenger(contrasts, seededRng(`gate:${challenger.version}:${champion.version}`));
  }

  private async contrasts(
    decisions: readonly Decision[],
    challenger: { model: ResponseModel; catalogue: Catalogue },
  ): Promise<PolicyContrast[]> {
    if (decisions.length === 0) return [];
    const { outcomes, shadows, accounts, clock } = this.parts;
    const { model, catalogue } = challenger;
    const [cameOf, segments, saidInShadow] = await Promise.all([
      outcomes.of(decisions, catalogue, clock.now()),
      segmentsOf(accounts, decisions),
      shadows.scoredBy(model.version, decisions),
    ]);
    return decisions.flatMap((decision) => {
      const outcome = cameOf.get(decision.decisionId);
      if (!outcome?.settled) return [];
      const said = saidInShadow.get(decision.decisionId);
      const scored = said ?? rescoredArms(decision, model, catalogue);
      if (!scored) return [];
      const segment = segments.get(decision.accountId) ?? null;
      return contrastOf(decision, outcome, { scored, inShadow: said !== undefined }, segment) ?? [];
    });
  }
}

/** A challenger is judged on what its training did not see; a card without times, by all that the champion decided. */
function unseenFrom({ card }: ModelEntry, { promotedAt }: ModelEntry): Date {
  const seen = card.data.to === null ? 0 : Date.parse(card.data.to) + 1;
  return new Date(Math.max(seen, promotedAt?.getTime() ?? 0));
}
