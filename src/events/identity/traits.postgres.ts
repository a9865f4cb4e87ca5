import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { mayBeUnstorable, storable } from '../storable.js';
import { newestWrites, type TraitKind, TraitStore, type TraitWrite } from './traits.js';

/** Writes that are newer than what stands, joined to one patch a record. */
const patches = (kind: TraitKind): string => `
  with given as (
    select * from json_to_recordset($1) as g(record_id text, trait text, occurred_at timestamptz, value text, stubs_only boolean)
  ), won as (
    insert into trait_writes (kind, record_id, trait, occurred_at, value)
    select '${kind}', record_id, trait, occurred_at, value from given
     where not stubs_only or exists (select from ${kind}s r where r.${kind}_id = record_id and r.stub)
     order by record_id, trait
    on conflict (kind, record_id, trait) do update set occurred_at = excluded.occurred_at, value = excluded.value
      where (trait_writes.occurred_at, trait_writes.value collate "C") < (excluded.occurred_at, excluded.value collate "C")
    returning record_id, trait, value
  ), patch as (
    select record_id, jsonb_object_agg(trait, value::jsonb) as told from won group by record_id
  )`;

const update: Readonly<Record<TraitKind, string>> = {
  contact: `${patches('contact')}
    update contacts c set
      name = coalesce(told->>'name', c.name), email = coalesce(told->>'email', c.email),
      phone = coalesce(told->>'phone', c.phone), time_zone = coalesce(told->>'timeZone', c.time_zone),
      locale = coalesce(told->>'locale', c.locale),
      attributes = c.attributes || (told - array['name', 'email', 'phone', 'timeZone', 'locale'])
    from patch join contacts before on before.contact_id = patch.record_id
    where c.contact_id = patch.record_id
    returning c.account_id, before.time_zone is distinct from c.time_zone as zone_changed`,
  account: `${patches('account')}
    update accounts a set
      name = coalesce(told->>'name', a.name), time_zone = coalesce(told->>'timeZone', a.time_zone),
      locale = coalesce(told->>'locale', a.locale),
      attributes = a.attributes || (told - array['name', 'timeZone', 'locale'])
    from patch join accounts before on before.account_id = patch.record_id
    where a.account_id = patch.record_id
    returning a.account_id, before.time_zone is distinct from a.time_zone as zone_changed`,
};

export class PostgresTraitStore extends TraitStore {
  async write(kind: TraitKind, writes: readonly TraitWrite[], within: Transaction): Promise<AccountId[]> {
    if (writes.length === 0) return [];
    const rows = newestWrites(writes).map((write) => ({
      record_id: write.recordId,
      trait: write.trait,
      occurred_at: write.occurredAt,
      value: valueText(write),
      stubs_only: write.stubsOnly,
    }));
    const [changed] = await managerOf(within).query<
      [{ account_id: AccountId; zone_changed: boolean }[], number]
    >(update[kind], [JSON.stringify(rows)]);
    return changed.filter((row) => row.zone_changed).map((row) => row.account_id);
  }
}

function valueText({ value }: TraitWrite): string {
  const text = JSON.stringify(value);
  return mayBeUnstorable(text) ? JSON.stringify(storable(value)) : text;
}
