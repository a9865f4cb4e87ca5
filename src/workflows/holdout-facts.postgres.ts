import type { DataSource } from 'typeorm';
import type { AccountId, Catalogue } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import { compileOutcome, type OutcomeLog } from '../outcomes/index.js';
import { type OutcomeFact, OutcomeFacts } from './holdout-facts.js';

interface EventRow {
  account_id: AccountId;
  name: string;
  occurred_at: Date;
  properties: AccountEvent['properties'];
}

const EVENTS = `
  select account_id, name, occurred_at, properties from events
   where account_id = any($1) and occurred_at >= $2 and occurred_at < $3 and name = any($4) and not from_browser`;

const CREDITED = `
  select account_id, outcome_id, outcome_at, sum(value)::float8 as value from trials
   where account_id = any($1) and outcome_at >= $2 and outcome_at < $3 and label = 1
   group by account_id, outcome_id, outcome_at`;

export class PostgresOutcomeFacts extends OutcomeFacts {
  constructor(
    private readonly database: DataSource,
    private readonly reported: OutcomeLog,
  ) {
    super();
  }

  async of(
    accountIds: readonly AccountId[],
    { from, to }: { from: Date; to: Date },
    catalogue: Catalogue,
  ): Promise<OutcomeFact[]> {
    const outcomes = [...catalogue.outcomes.values()].map(compileOutcome);
    const names = outcomes.map(({ event }) => event);
    const [events, credited, told] = await Promise.all([
      this.database.query<EventRow[]>(EVENTS, [accountIds, from, to, names]),
      this.database.query<
        { account_id: string; outcome_id: string; outcome_at: Date; value: number | null }[]
      >(CREDITED, [accountIds, from, to]),
      this.reported.ofAccounts(accountIds, to),
    ]);
    const offered = new Map(
      credited.map((row) => [key(row.account_id, row.outcome_id, row.outcome_at), row.value ?? 0]),
    );
    const worth = (accountId: string, outcomeId: string, at: Date, value: number | null) =>
      value ?? offered.get(key(accountId, outcomeId, at)) ?? 0;
    const seen = events.flatMap((row) => {
      const event = {
        name: row.name,
        occurredAt: row.occurred_at,
        properties: row.properties,
      } as AccountEvent;
      return outcomes
        .filter((outcome) => outcome.event === row.name && outcome.counts(event))
        .map(({ outcomeId, valueOf }): OutcomeFact => ({
          accountId: row.account_id,
          outcomeId,
          at: row.occurred_at,
          value: worth(row.account_id, outcomeId, row.occurred_at, valueOf(event)),
        }));
    });
    const reports = [...told.values()].flat().filter(({ occurredAt }) => occurredAt >= from);
    return [
      ...seen,
      ...reports.map(({ accountId, outcomeId, occurredAt, value }) => ({
        accountId,
        outcomeId,
        at: occurredAt,
        value: worth(accountId, outcomeId, occurredAt, value),
      })),
    ];
  }
}

function key(accountId: string, outcomeId: string, at: Date): string {
  return `${accountId}\u0000${outcomeId}\u0000${at.getTime()}`;
}
