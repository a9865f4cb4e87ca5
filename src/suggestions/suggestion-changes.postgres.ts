import type { AccountId } from '../catalogue/index.js';
import type { DataSource, EntityManager } from 'typeorm';
import { copyRows, type CopyValue, managerOf, prepared } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { ClosingReason } from './closing.js';
import { type PublishedAnswer, type PublishedChanges, SuggestionChanges } from './suggestion-book.js';
import { columnTypes, valuesOf, GIVEN, givenAnswers } from './suggestion-rows.js';
import { wordClosing } from './wording/word-closing.js';

const columns = Object.keys(columnTypes);

/** What a suggestion that is suggested again takes over from the new answer. */
const RENEWED = [
  'decision_id',
  'decided_at',
  'run_id',
  'question',
  'contextual',
  'rank',
  'treatment_id',
  'content_id',
  'action_name',
  'topics',
  'role',
  'member_id',
  'viewer_role',
  'slot_from',
  'slot_to',
  'time_zone',
  'propensity',
  'value',
  'priority',
  'inclusion_probability',
  'verified_at',
  'verified_epoch',
  'verified_versions',
  'changed_at',
  'expires_at',
];

const slotPassed: ClosingReason = { code: 'slot-passed', args: {} };
const newerAnswer: ClosingReason = { code: 'newer-answer', args: {} };
const SLOT_PASSED = JSON.stringify(slotPassed);
const NEWER_ANSWER = JSON.stringify(newerAnswer);

/** More answers than these are handed over in a table of the connection's own, which costs statements but is read faster. */
const COPIED_FROM = 32;
const COPIED = 'given_suggestions';

const NOW = '(select at from asked)';
const EVERY_BACKGROUND = '(select every_background from asked)';
const ACCOUNTS = '(select accounts from asked)::text[]';

/**
 * $1 suggestions, $2 answers with the ids that they keep, $3 now, $4 whether every background question gives way, $5 the
 * accounts: named by themselves, so that their rows are found by the primary key however large the table is.
 */
const publishFrom = (given: string): string => `
  with asked as materialized (
    select $3::timestamptz as at, $4::boolean as every_background, $5::text[] as accounts),
  given as materialized (${given}),
  own as materialized (
    select account_id, suggestion_id, state, expires_at, action_id, contact_id, channel_id, product_id
      from suggestions where account_id = any(${ACCOUNTS})),
  outrun as materialized (
    select distinct s.account_id from given join own s on s.account_id = given.account_id
     where case when s.suggestion_id = given.suggestion_id
                then s.state not in ('open', 'seen', 'accepted', 'snoozed', 'expired')
                else s.state in ('open', 'seen', 'accepted', 'snoozed') and (s.state = 'accepted' or s.expires_at > ${NOW})
                     and s.action_id = given.action_id and s.contact_id = given.contact_id
                     and s.channel_id = given.channel_id and s.product_id is not distinct from given.product_id end),
  closed as (
    update suggestions s
       set state = case when s.expires_at <= ${NOW} then 'expired' else 'superseded' end,
           because = case when s.expires_at <= ${NOW} then '${wordClosing(slotPassed)}' else '${wordClosing(newerAnswer)}' end,
           closing = case when s.expires_at <= ${NOW} then '${SLOT_PASSED}' else '${NEWER_ANSWER}' end::jsonb,
           changed_at = ${NOW}
      from jsonb_to_recordset($2::jsonb) as answer(account_id text, question text, kept text[])
     where s.account_id = any(${ACCOUNTS}) and s.account_id = answer.account_id
       and s.state = 'open' and s.suggestion_id <> all(answer.kept)
       and (s.question = answer.question or (${EVERY_BACKGROUND} and not s.contextual) or s.expires_at <= ${NOW})
       and answer.account_id not in (select account_id from outrun)
    returning s.account_id, s.suggestion_id, s.state, s.because),
  written as (
    insert into suggestions as s (${columns.join(', ')})
      select ${columns.join(', ')} from given where given.account_id not in (select account_id from outrun)
    on conflict (account_id, suggestion_id) do update set
      ${RENEWED.map((column) => `${column} = excluded.${column}`).join(', ')},
      state = case when s.state in ('expired', 'snoozed') then 'open' else s.state end)
  select account_id, null as suggestion_id, null as state, null as because from outrun
  union all select account_id, suggestion_id, state, because from closed where not ${EVERY_BACKGROUND}`;

const PUBLISH = { name: 'publish-suggestions', text: publishFrom(GIVEN) };
const PUBLISH_COPIED = {
  name: 'publish-copied-suggestions',
  text: publishFrom(`select ${columns.join(', ')} from ${COPIED} where (select $1::jsonb) is null`),
};

/** An account that was outrun, or a suggestion that was closed. */
interface ChangeRow {
  account_id: AccountId;
  suggestion_id: SuggestionId | null;
  state: 'expired' | 'superseded' | null;
  because: string | null;
}

export class PostgresSuggestionChanges extends SuggestionChanges {
  constructor(private readonly database: DataSource) {
    super();
  }

  async publish(
    answers: readonly PublishedAnswer[],
    everyBackground: boolean,
    at: Date,
    within: Transaction,
  ): Promise<PublishedChanges> {
    if (answers.length === 0) return { outrun: new Set(), closed: [] };
    const manager = managerOf(within);
    const copied = answers.length > COPIED_FROM;
    if (copied) await copy(answers, manager);
    const rows = await prepared<ChangeRow>(manager, copied ? PUBLISH_COPIED : PUBLISH, [
      copied ? null : givenAnswers(answers.map(({ suggestions }) => suggestions)),
      JSON.stringify(
        answers.map(({ accountId, question, suggestions }) => ({
          account_id: accountId,
          question,
          kept: suggestions.map(({ suggestionId }) => suggestionId),
        })),
      ),
      at,
      everyBackground,
      answers.map(({ accountId }) => accountId),
    ]);
    return {
      outrun: new Set(rows.flatMap((row) => (row.suggestion_id === null ? row.account_id : []))),
      closed: rows.flatMap(({ account_id, suggestion_id, state, because }) =>
        suggestion_id === null || state === null
          ? []
          : { accountId: account_id, suggestionId: suggestion_id, state, because },
      ),
    };
  }

  async accountsWithSeen(
    accountIds: readonly AccountId[],
    at: Date,
    within: Transaction,
  ): Promise<Set<AccountId>> {
    const rows = await managerOf(within).query<{ account_id: string }[]>(
      `select distinct account_id from suggestions
        where account_id = any($1) and state in ('seen', 'accepted', 'snoozed') and (state = 'accepted' or expires_at > $2)`,
      [accountIds, at],
    );
    return new Set(rows.map((row) => row.account_id as AccountId));
  }

  async verified(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId; epoch: number }[],
    versions: string,
    at: Date,
  ): Promise<void> {
    if (suggestions.length === 0) return;
    await this.database.query(
      `update suggestions s set verified_epoch = given.epoch, verified_versions = $4, verified_at = $5
         from unnest($1::text[], $2::text[], $3::bigint[]) as given(account_id, suggestion_id, epoch)
        where s.account_id = given.account_id and s.suggestion_id = given.suggestion_id`,
      [
        suggestions.map(({ accountId }) => accountId),
        suggestions.map(({ suggestionId }) => suggestionId),
        suggestions.map(({ epoch }) => epoch),
        versions,
        at,
      ],
    );
  }
}

async function copy(answers: readonly PublishedAnswer[], manager: EntityManager): Promise<void> {
  await manager.query(
    `create temporary table if not exists ${COPIED} (like suggestions including defaults) on commit delete rows`,
  );
  await copyRows(manager, COPIED, columnTypes, rowsOf(answers));
}

/** One at a time: none outlives its being written. */
function* rowsOf(answers: readonly PublishedAnswer[]): Iterable<readonly CopyValue[]> {
  for (const { suggestions } of answers) for (const suggestion of suggestions) yield valuesOf(suggestion);
}
