import type { AuditTrail } from '../access/index.js';
import type { AccountId, Catalogue, Catalogues } from '../catalogue/index.js';
import {
  evidenceOf,
  type IncrementalEntry,
  type IncrementalRow,
  type IncrementalStore,
  LEAST,
  learnIncremental,
  type OutcomeEvidence,
  rescoredArms,
} from '../learning/index.js';
import {
  type Champion,
  type Decision,
  type DecisionLog,
  decodeSnapshot,
  type PropensityModel,
} from '../recommender/index.js';
import { addDays, type Clock, err, ok, type Result } from '../shared/index.js';
import { decisionPages } from './decision-pages.js';
import type { DecisionOutcomes } from './export-outcomes.js';
import type { OutcomeFact, OutcomeFacts } from './holdout-facts.js';

export interface LearnIncrementalParts {
  decisions: DecisionLog;
  outcomes: DecisionOutcomes;
  facts: OutcomeFacts;
  catalogues: Catalogues;
  champion: Champion;
  store: IncrementalStore;
  audit: AuditTrail;
  clock: Clock;
}

/** Data do not suffice: what the log has of each outcome. */
export interface NotEnoughDecisions {
  detail: string;
  evidence: OutcomeEvidence[];
}

/** Learns from the decision log what suggestions add, and keeps the head. Nothing is switched. */
export class LearnIncremental {
  constructor(private readonly parts: LearnIncrementalParts) {}

  async run(
    { from, to, actor }: { from: Date; to: Date; actor: string },
    onProgress: (decisions: number) => void = () => {},
  ): Promise<Result<IncrementalEntry, NotEnoughDecisions>> {
    const { catalogues, champion, store, audit, clock } = this.parts;
    const [catalogue, model] = await Promise.all([catalogues.current(), champion.current()]);
    const schema = model.inputSchema;
    if (!schema) return err({ detail: 'The model that serves reads no inputs.', evidence: [] });
    const rows: IncrementalRow[] = [];
    for await (const page of decisionPages(this.parts.decisions, { from, to })) {
      rows.push(...(await this.rowsOf(page, model, catalogue)));
      onProgress(rows.length);
    }
    const outcomeIds = outcomesUsed(catalogue);
    const evidence = evidenceOf(rows, outcomeIds);
    if (evidence.length === 0 || evidence.some(({ suffices }) => !suffices))
      return err({ detail: insufficient(evidence), evidence });
    const { artefact, card } = learnIncremental(rows, schema, outcomeIds);
    const version = await store.add(artefact, card, clock.now());
    const detail = { decisions: card.decisions, accounts: card.accounts };
    await audit.record([
      { actor, action: 'incremental.learned', subjectKind: 'incremental-head', subjectId: version, detail },
    ]);
    const entry = (await store.list()).find((one) => one.version === version);
    if (!entry) throw new Error(`Head ${version} was there a moment ago`);
    return ok(entry);
  }

  private async rowsOf(
    page: readonly Decision[],
    model: PropensityModel,
    catalogue: Catalogue,
  ): Promise<IncrementalRow[]> {
    const drawn = page.filter(({ draw, arms }) => draw.mode === 'squarecb' && arms.length > 1);
    if (drawn.length === 0) return [];
    const { outcomes, facts, clock } = this.parts;
    const cameOf = await outcomes.of(drawn, catalogue, clock.now());
    const settled = drawn.filter(({ decisionId }) => cameOf.get(decisionId)?.settled);
    if (settled.length === 0) return [];
    const ids: AccountId[] = [...new Set(settled.map(({ accountId }) => accountId))];
    const times = settled.map(({ decidedAt }) => decidedAt.getTime());
    const from = new Date(Math.min(...times));
    const to = addDays(new Date(Math.max(...times)), longestWindow(catalogue));
    const happened = new Map<AccountId, OutcomeFact[]>();
    for (const fact of await facts.of(ids, { from, to }, catalogue))
      happened.set(fact.accountId, [...(happened.get(fact.accountId) ?? []), fact]);
    return settled.flatMap((decision) =>
      rowsOfDecision(decision, happened.get(decision.accountId) ?? [], model, catalogue),
    );
  }
}

/** One row for each outcome that the arms aim at; none where the model reads other inputs than were logged. */
function rowsOfDecision(
  decision: Decision,
  happened: readonly OutcomeFact[],
  model: PropensityModel,
  catalogue: Catalogue,
): IncrementalRow[] {
  const scored = rescoredArms(decision, model, catalogue);
  const [inputs] = decodeSnapshot(decision.snapshot).contacts;
  const nothing = decision.arms.findIndex(({ candidate }) => candidate === null);
  const chanceNothing = decision.arms[nothing]?.probability ?? 0;
  if (!scored || !inputs || chanceNothing <= 0) return [];
  const aims = decision.arms.map(({ candidate }) =>
    candidate === null ? null : (catalogue.actions.get(candidate.actionId)?.outcomeId ?? null),
  );
  const wanted = [...new Set(aims)].filter((outcomeId) => outcomeId !== null);
  return wanted.flatMap((outcomeId): IncrementalRow[] => {
    const places = aims.flatMap((aim, place) => (aim === outcomeId ? [place] : []));
    const chance = (place: number) => decision.arms[place]?.probability ?? 0;
    const chanceSuggested = places.reduce((sum, place) => sum + chance(place), 0);
    if (chanceSuggested <= 0) return [];
    const promised = places.reduce((sum, place) => sum + chance(place) * (scored[place]?.propensity ?? 0), 0);
    const until = addDays(decision.decidedAt, catalogue.outcomes.get(outcomeId)?.withinDays ?? 0);
    const came = happened.some(
      (fact) => fact.outcomeId === outcomeId && fact.at > decision.decidedAt && fact.at <= until,
    );
    return [
      {
        account: decision.accountId,
        inputs,
        outcomeId,
        drawn:
          decision.chosen === nothing ? 'nothing' : places.includes(decision.chosen) ? 'suggested' : 'other',
        chanceSuggested,
        chanceNothing,
        propensity: promised / chanceSuggested,
        happened: came ? 1 : 0,
      },
    ];
  });
}

/** Outcomes that actions of the catalogue aim at. */
function outcomesUsed({ actions, outcomes }: Catalogue): string[] {
  const used = new Set([...actions.values()].map(({ outcomeId }) => outcomeId));
  return [...outcomes.keys()]
    .filter((outcomeId) => used.has(outcomeId))
    .map(String)
    .sort();
}

function longestWindow({ outcomes }: Catalogue): number {
  return Math.max(0, ...[...outcomes.values()].map(({ withinDays }) => withinDays));
}

function insufficient(evidence: readonly OutcomeEvidence[]): string {
  const lacking = evidence
    .filter(({ suffices }) => !suffices)
    .map(
      ({ outcomeId, suggested, nothing, outcomesSuggested, outcomesNothing }) =>
        `${outcomeId}: ${suggested} suggested, ${nothing} with nothing drawn, ${outcomesSuggested + outcomesNothing} outcomes`,
    );
  return `The decision log does not suffice (each outcome needs ${LEAST.suggested} settled decisions with a suggestion drawn, ${LEAST.nothing} with nothing drawn, and ${LEAST.outcomes} outcomes): ${lacking.join('; ') || 'no action aims at an outcome'}.`;
}
