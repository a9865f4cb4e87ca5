import type { AccountId, Catalogue } from '../catalogue/index.js';
import { keptTraits, type TraitKind, type TraitStore, type TraitWrite } from '../events/index.js';
import type { JsonObject, Transaction } from '../shared/index.js';
import type { Placement } from './ingest-events-placing.js';

/** Writes what identify and group calls told. Gives the accounts in which somebody's time zone changed. */
export async function writeTraits(
  placements: readonly Placement[],
  { schemas }: Catalogue,
  store: TraitStore,
  within: Transaction,
): Promise<AccountId[]> {
  const writes: Record<TraitKind, TraitWrite[]> = { account: [], contact: [] };
  const add = (kind: TraitKind, recordId: string, traits: JsonObject, { entry }: Placement): void => {
    for (const [trait, value] of keptTraits(kind, traits, schemas[kind])) {
      writes[kind].push({
        recordId,
        trait,
        value,
        occurredAt: entry.item.occurredAt,
        stubsOnly: entry.fromBrowser,
      });
    }
  };
  for (const placement of placements) {
    const { item } = placement.entry;
    if (item.kind === 'identify' && placement.contactId !== null)
      add('contact', placement.contactId, item.traits, placement);
    if (item.kind === 'group' && item.accountId !== undefined)
      add('account', item.accountId, item.traits, placement);
  }
  const accounts = await store.write('account', writes.account, within);
  const contacts = await store.write('contact', writes.contact, within);
  return [...new Set([...accounts, ...contacts])];
}
