import type { EntityManager } from 'typeorm';
import { managerOf, raiseVersion } from '../database/index.js';
import { ok, type Result, type Transaction, type Transactions } from '../shared/index.js';
import {
  CatalogueEditor,
  type CatalogueKind,
  type CatalogueRecords,
  type PutAnswer,
  type RecordKey,
  type RecordRefused,
} from './catalogue-editor.js';
import type { CatalogueChange, CatalogueTrail } from './catalogue-trail.js';
import type { ContactMove, ContactMoves } from './contact-moves.js';
import { definitionProblems } from './editing/definition-checks.postgres.js';
import { referenceProblems } from './editing/references.postgres.js';
import { removeRecord } from './editing/removals.postgres.js';
import { type Saved, saveAccounts, saveAssignments, saveContacts } from './editing/save-people.postgres.js';
import { upsert } from './editing/upsert.postgres.js';
import type { KnownFeatures } from './known-features.js';

/** How a kind is called in the audit trail: `action.saved`, `action.removed`. */
const singular: Record<CatalogueKind, string> = {
  'attribute-schemas': 'attribute-schema',
  accounts: 'account',
  contacts: 'contact',
  'team-members': 'team-member',
  assignments: 'assignment',
  products: 'product',
  content: 'content',
  channels: 'channel',
  'outcome-definitions': 'outcome-definition',
  actions: 'action',
  treatments: 'treatment',
};

/** People and who looks after them are read for themselves: they raise policy epochs, not the catalogue's version. */
const people: ReadonlySet<CatalogueKind> = new Set(['accounts', 'contacts', 'assignments']);

export interface EditorSurroundings {
  transactions: Transactions;
  trail: CatalogueTrail;
  features: KnownFeatures;
  /** What a moved contact leaves behind follows it. Without it a move throws: a "no" must never be left behind. */
  moves: ContactMoves | undefined;
  /** Called after a change of what `Catalogues` keeps in memory was committed. */
  changed: () => void;
}

export class PostgresCatalogueEditor extends CatalogueEditor {
  constructor(private readonly surroundings: EditorSurroundings) {
    super();
  }

  async put<Kind extends CatalogueKind>(
    kind: Kind,
    records: readonly CatalogueRecords[Kind][],
    actor: string,
  ): Promise<PutAnswer> {
    if (records.length === 0) return { saved: 0, refused: [], movedContacts: [] };
    const answer = await this.surroundings.transactions.run((within) =>
      this.putWithin(kind, records, actor, within),
    );
    if (!people.has(kind)) this.surroundings.changed();
    return answer;
  }

  private async putWithin<Kind extends CatalogueKind>(
    kind: Kind,
    records: readonly CatalogueRecords[Kind][],
    actor: string,
    within: Transaction,
  ): Promise<PutAnswer> {
    const manager = managerOf(within);
    if (!people.has(kind)) await holdVersion(manager);
    const refused = await this.refusedOf(kind, records, manager);
    const refusedAt = new Set(refused.map(({ index }) => index));
    const valid = records.filter((_, index) => !refusedAt.has(index));
    const { written, moved } = await save(kind, valid, manager, within);
    if (moved.length > 0) await this.follow(moved, within);
    if (written.length > 0) {
      if (!people.has(kind)) await raiseVersion(manager, 'catalogue');
      const keys = written.map(({ key }) => key.join('/'));
      await this.surroundings.trail.record(savedEntries(kind, keys, actor), within);
    }
    return { saved: valid.length, refused, movedContacts: moved };
  }

  private async follow(moved: readonly ContactMove[], within: Transaction): Promise<void> {
    const { moves } = this.surroundings;
    if (!moves) throw new Error('A contact moves to another account, but nothing provides ContactMoves');
    await moves.follow(moved, within);
  }

  private async refusedOf<Kind extends CatalogueKind>(
    kind: Kind,
    records: readonly CatalogueRecords[Kind][],
    manager: EntityManager,
  ): Promise<RecordRefused[]> {
    const references = await referenceProblems(manager, kind, records);
    const definitions = await definitionProblems(kind, records, manager, this.surroundings.features);
    return records.flatMap((_, index) => {
      const wrong = definitions[index] ?? [];
      const problems = [...(references[index] ?? []), ...wrong];
      return problems.length > 0 ? [{ index, problems, unknownIds: wrong.length === 0 }] : [];
    });
  }

  async remove(kind: CatalogueKind, key: RecordKey, actor: string): Promise<Result<void, string>> {
    const { transactions, trail, features, changed } = this.surroundings;
    const parts = typeof key === 'string' ? [key] : [...key];
    const removed = await transactions.run(async (within) => {
      const manager = managerOf(within);
      if (!people.has(kind)) await holdVersion(manager);
      const result = await removeRecord(kind, parts, { manager, transaction: within, features });
      if (!result.ok || result.value === 0) return result;
      if (!people.has(kind)) await raiseVersion(manager, 'catalogue');
      const subjectId = parts.join('/');
      const entry = { actor, action: `${singular[kind]}.removed`, subjectKind: singular[kind], subjectId };
      await trail.record([entry], within);
      return result;
    });
    if (!removed.ok) return removed;
    changed();
    return ok(undefined);
  }
}

/** One editor at a time of what is offered, so that nothing is removed while another record comes to name it. */
async function holdVersion(manager: EntityManager): Promise<void> {
  await manager.query(`select 1 from versions where name = 'catalogue' for update`);
}

async function save<Kind extends CatalogueKind>(
  kind: Kind,
  records: readonly CatalogueRecords[Kind][],
  manager: EntityManager,
  within: Transaction,
): Promise<Saved> {
  const given: { [Key in CatalogueKind]?: readonly CatalogueRecords[Key][] } = { [kind]: records };
  if (given.accounts) return saveAccounts(manager, given.accounts, within);
  if (given.contacts) return saveContacts(manager, given.contacts, within);
  if (given.assignments) return saveAssignments(manager, given.assignments, within);
  return { written: await upsert(manager, kind, records), moved: [] };
}

/** Many accounts, contacts or assignments at once are one entry with their number. */
function savedEntries(kind: CatalogueKind, keys: readonly string[], actor: string): CatalogueChange[] {
  const action = `${singular[kind]}.saved`;
  const subjectKind = singular[kind];
  if (people.has(kind) && keys.length > 1)
    return [{ actor, action, subjectKind, subjectId: '*', detail: { count: keys.length } }];
  return keys.map((subjectId) => ({ actor, action, subjectKind, subjectId }));
}
