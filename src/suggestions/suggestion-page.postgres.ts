import type { SuggestionQuery } from './suggestion-book.js';
import { columnTypes } from './suggestion-rows.js';
import { standing, type SuggestionState, suggestionStates } from './suggestion.js';

/** State as it is at a time ($1): expiry and the end of a snooze happen by themselves. */
export const STATE_AT = `case when s.state in ('open', 'seen', 'snoozed') and s.expires_at <= $1 then 'expired'
                              when s.state = 'snoozed' and s.snoozed_until <= $1 then 'open' else s.state end`;
export const COLUMNS = [...Object.keys(columnTypes), 'closing']
  .map((column) => (column === 'state' ? `${STATE_AT} as state` : `s.${column}`))
  .join(', ');

/** The states, as written, of rows that may be read as a state: by them the partial indexes are found. */
const writtenAs: Readonly<Partial<Record<SuggestionState, readonly SuggestionState[]>>> = {
  open: ['open', 'snoozed'],
  expired: ['open', 'seen', 'snoozed', 'expired'],
};

/** Columns by which a list is ordered, the suggestion's id after them; `past` is what comes after a cursor. */
const orders = {
  priority: {
    by: 'priority desc',
    past: (key: string, id: string) =>
      `s.priority <= ${key}::float8 and (s.priority < ${key}::float8 or s.suggestion_id > ${id})`,
  },
  slot: {
    by: 'slot_from',
    past: (key: string, id: string) =>
      `s.slot_from >= ${key}::timestamptz and (s.slot_from > ${key}::timestamptz or s.suggestion_id > ${id})`,
  },
} as const;

type Asked = Omit<SuggestionQuery, 'after' | 'sort' | 'limit'>;

export interface Statement {
  sql: string;
  values: unknown[];
}

/** Gathers the values of a statement; $1 is the time at which states are judged. */
class Values {
  readonly all: unknown[];

  constructor(at: Date) {
    this.all = [at];
  }

  place(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

/** Conditions of the rows that together are what was asked for. */
interface Part {
  where: readonly string[];
  /** Where its rows are those of a member's accounts: conditions on `account_team t`. */
  accounts: readonly string[] | null;
}

/** What stands and what is over have indexes of their own. */
const STAND = `s.state in (${standing.map((state) => `'${state}'`).join(', ')})`;
const OVER = STAND.replace(' in ', ' not in ');

/**
 * One page. What a member sees is asked for account by account, and what a member performs by an index of its own: each
 * part ends by itself after a page, so that the rest of a long table is neither read nor sorted.
 */
export function pageStatement(query: SuggestionQuery): Statement {
  const values = new Values(query.at);
  const order = orders[query.sort ?? 'priority'];
  const conditions = filters(query, values);
  if (query.after)
    conditions.push(order.past(values.place(query.after.key), values.place(query.after.suggestionId)));
  const limit = values.place(query.limit + 1);
  const rows = parts(query, values).flatMap((part) =>
    kindsOf(query.state).map((kind) =>
      pageOfPart({ ...part, where: [...conditions, kind, ...part.where] }, order.by, limit),
    ),
  );
  const sql = `select * from (
                 select distinct on (suggestion_id) * from (${rows.map((part) => `(${part})`).join(' union all ')}) s
               ) s order by ${order.by}, suggestion_id limit ${limit}`;
  return { sql, values: values.all };
}

/**
 * Where many accounts are asked, their first rows are compared first: a page cannot hold rows of more accounts than it
 * has places, and of those it holds the accounts whose first rows come first.
 */
function pageOfPart({ where, accounts }: Part, by: string, limit: string): string {
  const rows = (columns: string, conditions: readonly string[], most: string): string =>
    `select ${columns} from suggestions s ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
      order by s.${by}, s.suggestion_id limit ${most}`;
  if (accounts === null) return rows(COLUMNS, where, limit);
  const key = by.split(' ')[0];
  return `
    select s.* from (
      select t.account_id from account_team t
       cross join lateral (${rows(`s.${key}, s.suggestion_id`, ['s.account_id = t.account_id', ...where], '1')}) first
       where ${accounts.join(' and ')}
       order by first.${by}, first.suggestion_id limit ${limit}) best
     cross join lateral (${rows(COLUMNS, ['s.account_id = best.account_id', ...where], limit)}) s`;
}

function kindsOf(state: SuggestionState | undefined): readonly string[] {
  const written = state && (writtenAs[state] ?? [state]);
  const some = (kind: readonly SuggestionState[]) => !written || written.some((one) => kind.includes(one));
  const over = suggestionStates.filter((one) => !standing.includes(one));
  return [...(some(standing) ? [STAND] : []), ...(some(over) ? [OVER] : [])];
}

/** How many there are in each state: of those that stand, and of those closed since a time. */
export function countsStatement(query: Asked): Statement {
  const values = new Values(query.at);
  const conditions = filters({ ...query, changedSince: undefined }, values);
  const since = values.place(query.changedSince ?? query.at);
  const rows = parts(query, values).map(({ where, accounts }) => {
    const select = (more: readonly string[]) =>
      [STAND, `${OVER} and s.changed_at >= ${since}`]
        .map(
          (kind) =>
            `select s.suggestion_id, ${STATE_AT} as state from suggestions s
              where ${[...conditions, ...more, kind].join(' and ')}`,
        )
        .join(' union all ');
    if (accounts === null) return select(where);
    return `select s.* from account_team t
             cross join lateral (${select(['s.account_id = t.account_id', ...where])}) s
             where ${accounts.join(' and ')}`;
  });
  const sql = `select state, count(*)::int as count from (${rows.join(' union ')}) s group by state`;
  return { sql, values: values.all };
}

function filters(query: Asked, values: Values): string[] {
  const conditions: string[] = [];
  const where = (condition: (place: string) => string, value: unknown): void => {
    if (value !== undefined) conditions.push(condition(values.place(value)));
  };
  where((place) => `s.account_id = ${place}`, query.accountId);
  where((place) => `s.contact_id = ${place}`, query.contactId);
  where((place) => `s.channel_id = ${place}`, query.channelId);
  where((place) => `s.purpose = ${place}`, query.purpose);
  where((place) => `s.intent = ${place}`, query.intent);
  where((place) => `s.run_id = ${place}`, query.runId);
  where((place) => `s.changed_at >= ${place}`, query.changedSince);
  if (query.state !== undefined) {
    const written = writtenAs[query.state] ?? [query.state];
    conditions.push(`s.state in (${written.map((state) => `'${state}'`).join(', ')})`);
    // of one that is over, nothing but what is written can be read: saying so lets its rows be estimated
    if (written.some((state) => standing.includes(state)))
      where((place) => `(${STATE_AT}) = ${place}`, query.state);
  }
  return conditions;
}

/** By whom it is done, and whose accounts it concerns; a row may be found by both. */
function parts({ accountId, memberId, seenBy }: Asked, values: Values): Part[] {
  const member = memberId === undefined ? null : values.place(memberId);
  const seer = seenBy === undefined ? null : values.place(seenBy);
  const assigned = (account: string, to: string) =>
    `exists (select from account_team own where own.account_id = ${account}.account_id and own.member_id = ${to})`;
  const seen = (account: string) => (seer === null ? [] : [assigned(account, seer)]);
  if (accountId !== undefined) {
    const hers = member === null ? [] : [`(s.member_id = ${member} or ${assigned('s', member)})`];
    return [{ where: [...hers, ...seen('s')], accounts: null }];
  }
  if (member === null) return [{ where: [], accounts: seer === null ? null : [`t.member_id = ${seer}`] }];
  const ofHerAccounts = { where: [], accounts: [`t.member_id = ${member}`, ...seen('t')] };
  if (seenBy === memberId) return [ofHerAccounts];
  return [{ where: [`s.member_id = ${member}`, ...seen('s')], accounts: null }, ofHerAccounts];
}
