import type { DataSource } from 'typeorm';
import type { AccountId, MemberId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { Taken } from './responding.js';
import {
  type RecordedResponse,
  type ResponseRecord,
  Responses,
  type ReviewState,
  type ReviewVerdict,
} from './responses.js';
import type { ResponseKind, Suggestion, SuggestionState } from './suggestion.js';

interface Row {
  response_id: string;
  account_id: string;
  suggestion_id: string;
  kind: string;
  member_id: string | null;
  responded_at: Date;
  undone_at: Date | null;
  state_before: string | null;
  expires_before: Date;
  snoozed_before: Date | null;
  review: string | null;
  review_task_id: string | null;
  latest: boolean;
}

const SAID = {
  account_id: 'text',
  response_id: 'text',
  suggestion_id: 'text',
  decision_id: 'text',
  contact_id: 'text',
  channel_id: 'text',
  action_id: 'text',
  product_id: 'text',
  kind: 'text',
  reason: 'text',
  until: 'timestamptz',
  note: 'text',
  member_id: 'text',
  responded_at: 'timestamptz',
  state_before: 'text',
  snoozed_before: 'timestamptz',
  expires_before: 'timestamptz',
  slot_from: 'timestamptz',
  slot_to: 'timestamptz',
  time_zone: 'text',
  event_id: 'text',
  review: 'text',
  review_task_id: 'text',
} as const;
const SAID_COLUMNS = Object.keys(SAID).join(', ');
const SAID_TYPED = Object.entries({
  ...SAID,
  state_after: 'text',
  because_after: 'text',
  closing_after: 'jsonb',
  expires_after: 'timestamptz',
})
  .map(([column, type]) => `${column} ${type}`)
  .join(', ');

const RECORD = `
  with given as materialized (select * from jsonb_to_recordset($1::jsonb) as given(${SAID_TYPED})),
  said as (insert into responses (${SAID_COLUMNS}) select ${SAID_COLUMNS} from given)
  update suggestions s
     set state = given.state_after, snoozed_until = given.until, changed_at = given.responded_at,
         seen_at = coalesce(s.seen_at, given.responded_at), because = given.because_after, closing = given.closing_after,
         expires_at = greatest(s.expires_at, given.expires_after)
    from given
   where s.account_id = given.account_id and s.suggestion_id = given.suggestion_id`;

/** $1 account, $2 suggestion; the same action for the same contact on the same channel under another id. */
const SUGGESTED_AGAIN = `
  exists (select from suggestions other join suggestions own on own.account_id = $1 and own.suggestion_id = $2
           where other.account_id = $1 and other.suggestion_id <> $2
             and other.state in ('open', 'seen', 'accepted', 'snoozed')
             and other.action_id = own.action_id and other.contact_id = own.contact_id
             and other.channel_id = own.channel_id and other.product_id is not distinct from own.product_id)`;

export class PostgresResponses extends Responses {
  constructor(private readonly database: DataSource) {
    super();
  }

  async record(records: readonly ResponseRecord[], within: Transaction): Promise<void> {
    if (records.length === 0) return;
    await managerOf(within).query(RECORD, [JSON.stringify(records.map(rowOf))]);
  }

  async find(
    suggestionId: SuggestionId,
    responseId: string,
    within: Transaction,
  ): Promise<RecordedResponse | null> {
    const [row] = await managerOf(within).query<Row[]>(
      `select r.*, not exists (select from responses later
                where later.account_id = r.account_id and later.suggestion_id = r.suggestion_id
                  and later.undone_at is null
                  and (later.responded_at, later.response_id) > (r.responded_at, r.response_id)) as latest
         from responses r
        where r.account_id = (select account_id from suggestions where suggestion_id = $1)
          and r.suggestion_id = $1 and r.response_id = $2`,
      [suggestionId, responseId],
    );
    return row ? responseFrom(row) : null;
  }

  async taken(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId }[],
    within?: Transaction,
  ): Promise<Map<SuggestionId, Taken & { responseId: string }>> {
    if (suggestions.length === 0) return new Map();
    const rows = await (within ? managerOf(within) : this.database).query<
      {
        suggestion_id: string;
        response_id: string;
        kind: string;
        member_id: string | null;
        responded_at: Date;
      }[]
    >(
      `select distinct on (r.account_id, r.suggestion_id)
              r.suggestion_id, r.response_id, r.kind, r.member_id, r.responded_at
         from unnest($1::text[], $2::text[]) as given(account_id, suggestion_id)
         join responses r on r.account_id = given.account_id and r.suggestion_id = given.suggestion_id
        where r.kind <> 'seen' and r.undone_at is null
        order by r.account_id, r.suggestion_id, r.responded_at desc, r.response_id desc`,
      [suggestions.map(({ accountId }) => accountId), suggestions.map(({ suggestionId }) => suggestionId)],
    );
    return new Map(
      rows.map((row) => [
        row.suggestion_id as SuggestionId,
        {
          responseId: row.response_id,
          kind: row.kind as ResponseKind,
          memberId: row.member_id as MemberId | null,
          at: row.responded_at,
        },
      ]),
    );
  }

  async undo(
    { accountId, responseId }: RecordedResponse,
    after: Suggestion,
    by: MemberId | null,
    within: Transaction,
  ): Promise<boolean> {
    const [changed] = await managerOf(within).query<[unknown[], number]>(
      `with restored as (
         update suggestions
            set state = $4, expires_at = $5, snoozed_until = $6, changed_at = $7, because = null, closing = null
          where account_id = $1 and suggestion_id = $2
            and ($4 not in ('open', 'seen', 'accepted', 'snoozed') or not ${SUGGESTED_AGAIN})
         returning account_id)
       update responses r set undone_at = $7, undone_by = $8 from restored
        where r.account_id = restored.account_id and r.response_id = $3
       returning r.response_id`,
      [
        accountId,
        after.suggestionId,
        responseId,
        after.state,
        after.expiresAt,
        after.snoozedUntil,
        after.changedAt,
        by,
      ],
    );
    return changed.length > 0;
  }

  async review(
    { accountId, suggestionId }: { accountId: AccountId; suggestionId: SuggestionId },
    { verdict, by, at }: { verdict: ReviewVerdict; by: MemberId | null; at: Date },
    within: Transaction,
  ): Promise<number> {
    const [concluded] = await managerOf(within).query<[unknown[], number]>(
      `update responses set review = $3, reviewed_by = $4, reviewed_at = $5
        where account_id = $1 and suggestion_id = $2 and review = 'open' and undone_at is null
       returning response_id`,
      [accountId, suggestionId, verdict, by, at],
    );
    return concluded.length;
  }
}

function rowOf({ response, before, after, eventId, review }: ResponseRecord): Record<string, unknown> {
  return {
    account_id: before.accountId,
    response_id: response.responseId,
    suggestion_id: before.suggestionId,
    decision_id: before.decisionId,
    contact_id: before.contactId,
    channel_id: before.channelId,
    action_id: before.actionId,
    product_id: before.productId,
    kind: response.kind,
    reason: response.reason,
    until: response.until,
    note: response.note,
    member_id: response.memberId,
    responded_at: response.respondedAt,
    state_before: before.state,
    snoozed_before: before.snoozedUntil,
    expires_before: before.expiresAt,
    slot_from: before.slot.from,
    slot_to: before.slot.to,
    time_zone: before.slot.timeZone,
    event_id: eventId ?? null,
    review: review?.state ?? null,
    review_task_id: review?.taskId ?? null,
    state_after: after.state,
    because_after: after.because,
    closing_after: after.closing,
    expires_after: after.expiresAt,
  };
}

function responseFrom(row: Row): RecordedResponse {
  return {
    responseId: row.response_id,
    accountId: row.account_id as AccountId,
    suggestionId: row.suggestion_id as SuggestionId,
    kind: row.kind as ResponseKind,
    memberId: row.member_id as MemberId | null,
    respondedAt: row.responded_at,
    undoneAt: row.undone_at,
    latest: row.latest,
    before:
      row.state_before === null
        ? null
        : {
            state: row.state_before as SuggestionState,
            expiresAt: row.expires_before,
            snoozedUntil: row.snoozed_before,
          },
    review: row.review as ReviewState | null,
    reviewTaskId: row.review_task_id,
  };
}
