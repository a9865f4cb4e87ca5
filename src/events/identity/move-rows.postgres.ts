import type { EntityManager } from 'typeorm';
import type { ContactMove } from '../../catalogue/index.js';

const MOVES = 'unnest($1::text[], $2::text[], $3::text[]) as m(contact_id, from_id, to_id)';

/** Rows are told by contact; what an account did as a whole stays with it. */
const statements = [
  `update events t set account_id = m.to_id from ${MOVES} where t.account_id = m.from_id and t.contact_id = m.contact_id`,
  `update touch_plans p set account_id = m.to_id from touches t, ${MOVES}
    where t.account_id = m.from_id and t.contact_id = m.contact_id
      and p.account_id = t.account_id and p.touch_id = t.touch_id`,
  `update touches t set account_id = m.to_id from ${MOVES} where t.account_id = m.from_id and t.contact_id = m.contact_id`,
  `update quotes t set account_id = m.to_id from ${MOVES} where t.account_id = m.from_id and t.contact_id = m.contact_id`,
  `with gone as (
     delete from threads t using ${MOVES} where t.account_id = m.from_id and t.contact_id = m.contact_id
     returning m.to_id, t.conversation_id, t.kind, t.contact_id, t.topics, t.opened_at, t.last_opened_at, t.closed_at)
   insert into threads
   select * from gone
   on conflict (account_id, conversation_id, kind, contact_id) do update set
     topics = array(select distinct topic from unnest(threads.topics || excluded.topics) as topic order by topic),
     opened_at = least(threads.opened_at, excluded.opened_at),
     last_opened_at = greatest(threads.last_opened_at, excluded.last_opened_at),
     closed_at = greatest(threads.closed_at, excluded.closed_at)`,
];

/** Both accounts of every move are locked. */
export async function moveRows(manager: EntityManager, moves: readonly ContactMove[]): Promise<void> {
  const parameters = [
    moves.map((move) => move.contactId),
    moves.map((move) => move.from),
    moves.map((move) => move.to),
  ];
  for (const statement of statements) await manager.query(statement, parameters);
}
