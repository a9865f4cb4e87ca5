import type { AccountId, Accounts, Catalogues, OutcomeId } from '../catalogue/index.js';
import type { AccountEvent, EventLog } from '../events/index.js';
import type { FeatureSet } from '../features/index.js';
import {
  accountRows,
  type Dataset,
  DatasetBuilder,
  type RowMaking,
  servedInputs,
} from '../learning/index.js';
import { compileOutcome, type OutcomeLog } from '../outcomes/index.js';
import {
  buildInputSchema,
  type Decision,
  type DecisionId,
  type DecisionLog,
  type InputSchema,
  type SuggestionId,
} from '../recommender/index.js';
import type { SuggestionBook } from '../suggestions/index.js';

export interface BuildDatasetParts {
  accounts: Accounts;
  catalogues: Catalogues;
  events: EventLog;
  outcomes: OutcomeLog;
  decisions: DecisionLog;
  suggestions: SuggestionBook;
  featureSet: FeatureSet;
  timeZone: string;
}

export interface DatasetWanted {
  /** Events and outcomes before this moment are seen; a window that is still open then gives no label. */
  asOf: Date;
  /** Only touches in [from, to). */
  from?: Date;
  to?: Date;
  /** Only these outcomes; else all that the catalogue defines. */
  heads?: readonly OutcomeId[];
  /** Inputs of a model that is to be judged; else those that the catalogue and the features declare now. */
  schema?: InputSchema;
}

const ACCOUNTS_AT_ONCE = 500;

/** Makes rows to learn from out of the history of all accounts, batch by batch. */
export class BuildDataset {
  constructor(private readonly parts: BuildDatasetParts) {}

  async run(
    wanted: DatasetWanted,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<Dataset> {
    const { accounts, featureSet, timeZone } = this.parts;
    const catalogue = await this.parts.catalogues.current();
    const defined = [...catalogue.outcomes.values()].filter(
      ({ outcomeId }) => wanted.heads?.includes(outcomeId) ?? true,
    );
    const schema = wanted.schema ?? buildInputSchema(featureSet, catalogue.schemas);
    const outcomes = defined.map(compileOutcome);
    const making = { catalogue, featureSet, schema, outcomes, timeZone, asOf: wanted.asOf };
    const builder = new DatasetBuilder(
      schema,
      outcomes.map(({ outcomeId }) => outcomeId),
    );
    const total = await accounts.count();
    let done = 0;
    let ids = await accounts.idsAfter(null, ACCOUNTS_AT_ONCE);
    while (ids.length > 0) {
      await this.add(ids, making, wanted, builder);
      done += ids.length;
      onProgress(done, total);
      ids = await accounts.idsAfter(ids.at(-1) ?? null, ACCOUNTS_AT_ONCE);
    }
    return builder.build();
  }

  private async add(
    ids: readonly AccountId[],
    making: RowMaking,
    wanted: DatasetWanted,
    builder: DatasetBuilder,
  ): Promise<void> {
    const { accounts, events, outcomes } = this.parts;
    const [dossiers, logs, reported] = await Promise.all([
      accounts.dossiers(ids),
      events.ofAccounts(ids, wanted.asOf),
      outcomes.ofAccounts(ids, wanted.asOf),
    ]);
    for (const dossier of dossiers) {
      const { accountId } = dossier.account;
      const log = logs.get(accountId) ?? [];
      const { decisions, decisionOf } = await this.decisionsBehind(accountId, log, making.asOf);
      const rows = accountRows(making, {
        dossier,
        events: log,
        reported: reported.get(accountId) ?? [],
        served: servedInputs(decisions, decisionOf, making.schema),
      });
      for (const row of rows) if (inRange(row.at, wanted)) builder.add(row);
    }
  }

  /** Decisions that events name, by themselves or by a suggestion of theirs. */
  private async decisionsBehind(
    accountId: AccountId,
    events: readonly AccountEvent[],
    asOf: Date,
  ): Promise<{ decisions: Decision[]; decisionOf: Map<string, string> }> {
    const named = new Set(events.flatMap(({ properties }) => text(properties.decisionId)));
    const suggestionIds = [...new Set(events.flatMap(({ properties }) => text(properties.suggestionId)))];
    const suggestions =
      suggestionIds.length === 0
        ? []
        : await this.parts.suggestions.byIds(suggestionIds as SuggestionId[], asOf);
    const decisionOf = new Map(
      suggestions
        .filter((suggestion) => suggestion.accountId === accountId)
        .map(({ suggestionId, decisionId }) => [`${suggestionId}`, `${decisionId}`]),
    );
    for (const decisionId of decisionOf.values()) named.add(decisionId);
    const refs = [...named].map((decisionId) => ({ accountId, decisionId: decisionId as DecisionId }));
    return { decisions: refs.length === 0 ? [] : await this.parts.decisions.find(refs), decisionOf };
  }
}

function text(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

function inRange(at: Date | null, { from, to }: DatasetWanted): boolean {
  if (at === null) return false;
  return (from === undefined || at >= from) && (to === undefined || at < to);
}
