import type { CatalogueKind, CatalogueRecords, PutAnswer } from '../catalogue/index.js';
import type { IncomingItem, IngestAnswer } from '../events/index.js';
import { UnreadableFile } from './failure.js';
import type { PlannedConsent, ImportPlan } from './plan.js';

/** Where an import writes: the same paths that everything else takes. */
export interface ImportTarget {
  put<Kind extends CatalogueKind>(kind: Kind, records: readonly CatalogueRecords[Kind][]): Promise<PutAnswer>;
  consent(consents: readonly PlannedConsent[]): Promise<void>;
  ingest(items: readonly IncomingItem[]): Promise<IngestAnswer>;
}

export type ImportStage = 'catalogue' | 'accounts' | 'consents' | 'events';

export interface ImportSettings {
  /** Events in one call, about: a call holds whole accounts. */
  batch: number;
  /** Calls under way at once. */
  lanes: number;
  progress: (stage: ImportStage, done: number, total: number) => void;
}

export interface ImportSummary {
  name: string;
  accounts: number;
  consents: number;
  accepted: number;
  /** Known from an earlier run, by their messageIds. */
  duplicates: number;
  /** The first few, with the reason. */
  quarantined: { count: number; examples: { messageId: string; pointer: string; reason: string }[] };
  leftOut: Record<string, number>;
}

const RECORDS_A_CALL = 2000;
const EXAMPLES_KEPT = 5;

/** Writes a plan. Harmless to repeat: records are replaced, events are known by their messageIds. */
export async function runImport(
  plan: ImportPlan,
  target: ImportTarget,
  settings: ImportSettings,
): Promise<ImportSummary> {
  for (const { kind, records } of plan.catalogue) await putAll(plan, target, kind, records, () => undefined);
  await putPeople(plan, target, settings);
  for (let from = 0; from < plan.consents.length; from += RECORDS_A_CALL) {
    await target.consent(plan.consents.slice(from, from + RECORDS_A_CALL));
    settings.progress(
      'consents',
      Math.min(from + RECORDS_A_CALL, plan.consents.length),
      plan.consents.length,
    );
  }
  const events = await ingestAll(plan, target, settings);
  const { accounts, leftOut } = plan.counts;
  return { name: plan.name, accounts, consents: plan.consents.length, ...events, leftOut };
}

async function putPeople(
  plan: ImportPlan,
  target: ImportTarget,
  { progress }: ImportSettings,
): Promise<void> {
  const { accounts, contacts, assignments = [] } = plan.people;
  const total = accounts.length + contacts.length + assignments.length;
  const tell = (offset: number) => (done: number) => progress('accounts', offset + done, total);
  await putAll(plan, target, 'accounts', accounts, tell(0));
  await putAll(plan, target, 'contacts', contacts, tell(accounts.length));
  await putAll(plan, target, 'assignments', assignments, tell(accounts.length + contacts.length));
}

async function putAll<Kind extends CatalogueKind>(
  plan: ImportPlan,
  target: ImportTarget,
  kind: Kind,
  records: readonly CatalogueRecords[Kind][],
  tell: (done: number) => void,
): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_A_CALL) {
    const { refused } = await target.put(kind, records.slice(from, from + RECORDS_A_CALL));
    const [first] = refused;
    if (first) {
      const why = first.problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
      throw new UnreadableFile(
        plan.name,
        null,
        `${kind} record ${from + first.index + 1} was refused: ${why}`,
      );
    }
    tell(Math.min(from + RECORDS_A_CALL, records.length));
  }
}

type EventCounts = Pick<ImportSummary, 'accepted' | 'duplicates' | 'quarantined'>;

async function ingestAll(
  plan: ImportPlan,
  target: ImportTarget,
  settings: ImportSettings,
): Promise<EventCounts> {
  const counts: EventCounts = { accepted: 0, duplicates: 0, quarantined: { count: 0, examples: [] } };
  const batches = wholeAccounts(plan.events, settings.batch);
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      const items = next.value;
      add(counts, items, await target.ingest(items));
      done += items.length;
      settings.progress('events', done, plan.counts.events);
    }
  };
  await Promise.all(Array.from({ length: settings.lanes }, work));
  return counts;
}

function add(counts: EventCounts, items: readonly IncomingItem[], answer: IngestAnswer): void {
  counts.accepted += answer.accepted;
  counts.duplicates += answer.duplicates;
  counts.quarantined.count += answer.quarantined.length;
  for (const { index, pointer, reason } of answer.quarantined) {
    if (counts.quarantined.examples.length >= EXAMPLES_KEPT) return;
    counts.quarantined.examples.push({ messageId: items[index]?.messageId ?? '?', pointer, reason });
  }
}

/** Cuts between accounts, so that no two calls under way fold into the same account. */
export function* wholeAccounts(events: Iterable<IncomingItem>, size: number): Generator<IncomingItem[]> {
  let batch: IncomingItem[] = [];
  for (const item of events) {
    if (batch.length >= size && item.accountId !== batch.at(-1)?.accountId) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length > 0) yield batch;
}
