import type { Accounts, Catalogues } from '../catalogue/index.js';
import {
  compareShadow,
  type Shadow,
  type ShadowBook,
  type ShadowDecision,
  type ShadowFigures,
  type ShadowLog,
  type ShadowRow,
  shadowRow,
} from '../learning/index.js';
import type { DecisionLog } from '../recommender/index.js';
import { type Clock, seededRng } from '../shared/index.js';
import { segmentsOf } from './decision-segments.js';
import type { DecisionOutcomes } from './export-outcomes.js';

export interface ReportShadowParts {
  shadows: ShadowBook;
  log: ShadowLog;
  decisions: DecisionLog;
  outcomes: DecisionOutcomes;
  accounts: Accounts;
  catalogues: Catalogues;
  clock: Clock;
}

/** The latest time that a model was in shadow, and what came of it. */
export interface ShadowReport extends Shadow, ShadowFigures {
  /** Name and version of the champion that it is compared with: the latest; null: nothing was decided yet. */
  champion: string | null;
  /** Decisions of champions before that one, which are left out. */
  ofOtherChampions: number;
}

const AT_ONCE = 500;
/** More decisions than this are not read: the intervals are narrow long before. */
const MOST_DECISIONS = 200_000;

interface Compared {
  champion: string;
  decidedAt: Date;
  row: ShadowRow;
}

/** A model in shadow beside the champion, on what was decided while it was there. Nothing is changed. */
export class ReportShadow {
  constructor(private readonly parts: ReportShadowParts) {}

  /** Seeded by the two models: the same log gives the same report. Null: the model never was in shadow. */
  async run(version: string): Promise<ShadowReport | null> {
    const { shadows, log } = this.parts;
    const shadow = await shadows.latest(version);
    if (!shadow) return null;
    const compared: Compared[] = [];
    let page: ShadowDecision[] = [];
    do {
      page = await log.page({ version, since: shadow.startedAt }, page.at(-1) ?? null, AT_ONCE);
      compared.push(...(await this.compared(page)));
    } while (page.length === AT_ONCE && compared.length < MOST_DECISIONS);
    const latest = compared.reduce<Compared | null>(
      (best, one) => (best && best.decidedAt >= one.decidedAt ? best : one),
      null,
    );
    const champion = latest?.champion ?? null;
    const rows = compared.filter((one) => one.champion === champion).map(({ row }) => row);
    return {
      ...shadow,
      champion,
      ofOtherChampions: compared.length - rows.length,
      ...compareShadow(rows, seededRng(`shadow:${version}:${champion ?? ''}`)),
    };
  }

  /** What is in the decision log, too: a run that was broken off left nothing there. */
  private async compared(page: readonly ShadowDecision[]): Promise<Compared[]> {
    if (page.length === 0) return [];
    const { decisions: log, outcomes, accounts, catalogues, clock } = this.parts;
    const decisions = await log.find(page);
    const [cameOf, segments] = await Promise.all([
      outcomes.of(decisions, await catalogues.current(), clock.now()),
      segmentsOf(accounts, decisions),
    ]);
    const shadows = new Map(page.map((one) => [one.decisionId, one]));
    return decisions.flatMap((decision): Compared[] => {
      const shadow = shadows.get(decision.decisionId);
      if (!shadow) return [];
      const outcome = cameOf.get(decision.decisionId);
      const segment = segments.get(decision.accountId) ?? null;
      const row = shadowRow(decision, shadow, { outcome, segment });
      return [{ champion: shadow.champion, decidedAt: decision.decidedAt, row }];
    });
  }
}
