import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { managerOf, prepared } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Decision, DecisionId, DecisionOutline, SuggestionId } from './decision.js';
import type { DecisionLog } from './decision-log.js';
import { decisionColumns, insertDecisions, STREAM_FROM } from './decision-log.postgres.js';
import { type OpenQuestion, openQuestionOf, OpenQuestions } from './open-questions.js';

interface Row {
  account_id: string;
  question: string;
  versions: string;
  decision_id: string;
  decided_at: Date;
  policy_epoch: string;
  state_sequence: string;
  suggestion_ids: string[];
  expires_at: Date;
}

export class PostgresOpenQuestions extends OpenQuestions {
  constructor(
    private readonly database: DataSource,
    private readonly log: DecisionLog,
  ) {
    super();
  }

  async unchanged(
    asked: readonly Pick<OpenQuestion, 'accountId' | 'question' | 'versions'>[],
    at: Date,
  ): Promise<OpenQuestion[]> {
    const rows = await this.database.query<Row[]>(
      `select q.* from unnest($1::text[], $2::text[], $3::text[]) as asked(account_id, question, versions)
         join open_questions q on q.account_id = asked.account_id and q.question = asked.question
         join account_state s on s.account_id = q.account_id
        where q.versions = asked.versions and q.expires_at > $4 and q.decided_at <= $4
          and q.policy_epoch = s.policy_epoch and q.state_sequence = s.state_sequence`,
      [
        asked.map(({ accountId }) => accountId),
        asked.map(({ question }) => question),
        asked.map(({ versions }) => versions),
        at,
      ],
    );
    return rows.map(read);
  }

  async open(answers: readonly DecisionOutline[], within: Transaction): Promise<void> {
    if (answers.length === 0) return;
    await prepared(managerOf(within), { name: 'open-questions', text: OPEN }, [questionsOf(answers)]);
  }

  async logAndOpen(decisions: readonly Decision[], within: Transaction): Promise<void> {
    if (decisions.length === 0) return;
    if (decisions.length >= STREAM_FROM) {
      await this.log.append(decisions, within);
      return this.open(decisions, within);
    }
    const parameters = [questionsOf(decisions), ...decisionColumns(decisions)];
    await prepared(managerOf(within), LOG_AND_OPEN, parameters);
  }
}

const questionsOf = (answers: readonly DecisionOutline[]): string =>
  JSON.stringify(answers.map(openQuestionOf).map(written));

const OPEN = `
  insert into open_questions
    select account_id, question, decision_id, decided_at, policy_epoch, state_sequence, versions, suggestion_ids, expires_at
      from jsonb_to_recordset($1::jsonb) as q(
        account_id text, question text, decision_id text, decided_at timestamptz, policy_epoch bigint,
        state_sequence bigint, versions text, suggestion_ids text[], expires_at timestamptz)
  on conflict (account_id, question) do update set
    decision_id = excluded.decision_id, decided_at = excluded.decided_at, policy_epoch = excluded.policy_epoch,
    state_sequence = excluded.state_sequence, versions = excluded.versions,
    suggestion_ids = excluded.suggestion_ids, expires_at = excluded.expires_at`;

const LOG_AND_OPEN = {
  name: 'log-and-open-questions',
  text: `with logged as (${insertDecisions(2)}) ${OPEN}`,
};

const read = (row: Row): OpenQuestion => ({
  accountId: row.account_id as AccountId,
  question: row.question,
  versions: row.versions,
  decisionId: row.decision_id as DecisionId,
  decidedAt: row.decided_at,
  policyEpoch: Number(row.policy_epoch),
  stateSequence: Number(row.state_sequence),
  suggestionIds: row.suggestion_ids as SuggestionId[],
  expiresAt: row.expires_at,
});

const written = (question: OpenQuestion) => ({
  account_id: question.accountId,
  question: question.question,
  decision_id: question.decisionId,
  decided_at: question.decidedAt,
  policy_epoch: question.policyEpoch,
  state_sequence: question.stateSequence,
  versions: question.versions,
  suggestion_ids: question.suggestionIds,
  expires_at: question.expiresAt,
});
