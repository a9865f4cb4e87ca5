import type { SuggestionQuery } from './suggestion-book.js';
import { columnTypes } from './suggestion-rows.js';
import { standing, type SuggestionState } from './suggestion.js';

/** State as it is at a time ($1): expiry and the end of a snooze happen by themselves. */
export const STATE_AT = `case when s.state in ('open', 'seen', 'snoozed') and s.expires_at <= $1 then 'expired'
                              when s.state = 'snoozed' and s.snoozed_until <= $1 then 'open' else s.state end`;
export const COLUMNS = Object.keys(columnTypes)
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

/**
 * One page. What a member sees is asked for account by account, and what a member performs by an index of its own: each
 * part ends by itself after a page, so that the rest of a long table is never sorted.
 */
export function pageStatement(query: SuggestionQuery): Statement {
  const values = new Values(query.at);
  const order = orders[query.sort ?? 'priority'];
  const conditions = filters(query, values);
  if (query.after)
    conditions.push(order.past(values.place(query.after.key), values.place(query.after.suggestionId)));
  const limit = values.place(query.limit + 1);
  const rows = parts(query, values, (where) => {
    const all = [...conditions, ...where];
    return `select ${COLUMNS} from suggestions s ${all.length > 0 ? `where ${all.join(' and ')}` : ''}
             order by s.${order.by}, s.suggestion_id limit ${limit}`;
  });
  const sql = `select * from (${rows.map((part) => `(${part})`).join(' union all ')}) s
                order by ${order.by}, suggestion_id limit ${limit}`;
  return { sql, values: values.all };
}

/** How many there are in each state: of those that stand, and of those closed since a time. */
export function countsStatement(query: Asked): Statement {
  const values = new Values(query.at);
  const conditions = filters({ ...query, changedSince: undefined }, values);
  const since = values.place(query.changedSince ?? query.at);
  const stand = `s.state in (${standing.map((state) => `'${state}'`).join(', ')})`;
  const rows = parts(query, values, (where) =>
    [stand, `not ${stand} and s.changed_at >= ${since}`]
      .map(
        (kind) =>
          `select ${STATE_AT} as state from suggestions s where ${[...conditions, ...where, kind].join(' and ')}`,
      )
      .join(' union all '),
  );
  const sql = `select state, count(*)::int as count from (${rows.join(' union all ')}) s group by state`;
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
    where((place) => `(${STATE_AT}) = ${place}`, query.state);
  }
  return conditions;
}

/** The selects whose rows together are what was asked for: by whom it is done, and whose accounts it concerns. */
function parts(
  { accountId, memberId, seenBy }: Asked,
  values: Values,
  select: (where: readonly string[]) => string,
): string[] {
  const member = memberId === undefined ? null : values.place(memberId);
  const seer = seenBy === undefined ? null : values.place(seenBy);
  const assigned = (to: string) =>
    `exists (select from account_team t where t.account_id = s.account_id and t.member_id = ${to})`;
  const seen = seer === null ? [] : [assigned(seer)];
  if (accountId !== undefined) {
    const hers = member === null ? [] : [`(s.member_id = ${member} or ${assigned(member)})`];
    return [select([...hers, ...seen])];
  }
  if (member === null && seer === null) return [select([])];
  const byAccount = (of: string, where: readonly string[]) =>
    `select s.* from account_team t cross join lateral (${select(['s.account_id = t.account_id', ...where])}) s
      where t.member_id = ${of}`;
  if (member === null) return [byAccount(seer ?? '', [])];
  return [
    select([`s.member_id = ${member}`, ...seen]),
    byAccount(member, [`s.member_id is distinct from ${member}`, ...(seenBy === memberId ? [] : seen)]),
  ];
}
