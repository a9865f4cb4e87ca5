import {
  type EventId,
  eventKey,
  type EventOrigin,
  type IncomingItem,
  type IngestAnswer,
  refusedFromBrowser,
} from '../events/index.js';

export interface IngestOptions {
  origin: EventOrigin;
  /** Key, member or system that hands the items in. */
  recordedBy: string;
  /** Whoever holds the key may be anybody: behaviour only. */
  publicKey: boolean;
}

/** One item on its way in: from which batch, at which place in it. */
export interface Entry {
  batch: number;
  index: number;
  item: IncomingItem;
  key: EventId;
  origin: EventOrigin;
  recordedAt: Date;
  recordedBy: string;
  fromBrowser: boolean;
}

/** An entry that is set aside, with the reason. */
export interface RefusedEntry {
  entry: Entry;
  pointer: string;
  reason: string;
}

export function toEntries(
  items: readonly IncomingItem[],
  options: IngestOptions,
  batch: number,
  now: Date,
): Entry[] {
  return items.map((item, index) => ({
    batch,
    index,
    item,
    key: eventKey(item.source, item.messageId),
    origin: options.origin,
    recordedAt: options.origin === 'import' ? (item.recordedAt ?? item.occurredAt) : now,
    recordedBy: options.recordedBy,
    fromBrowser: options.publicKey,
  }));
}

/** Entries that may come in, once each, and those that the sender may not tell. */
export function sift(entries: readonly Entry[]): { allowed: Map<EventId, Entry>; refused: RefusedEntry[] } {
  const allowed = new Map<EventId, Entry>();
  const refused: RefusedEntry[] = [];
  for (const entry of entries) {
    const { item, key } = entry;
    const reason = entry.fromBrowser && item.kind === 'event' ? refusedFromBrowser(item.name) : null;
    if (reason !== null) refused.push({ entry, pointer: '', reason });
    else if (!allowed.has(key)) allowed.set(key, entry);
  }
  return { allowed, refused };
}

/** What each batch is told: whatever is neither new nor set aside was there already. */
export function answersOf(
  sizes: readonly number[],
  fresh: Iterable<Entry>,
  refused: readonly RefusedEntry[],
): IngestAnswer[] {
  const answers = sizes.map((): IngestAnswer => ({ accepted: 0, duplicates: 0, quarantined: [] }));
  for (const { batch } of fresh) {
    const answer = answers[batch];
    if (answer) answer.accepted += 1;
  }
  for (const { entry, pointer, reason } of refused) {
    answers[entry.batch]?.quarantined.push({ index: entry.index, pointer, reason });
  }
  answers.forEach((answer, batch) => {
    answer.quarantined.sort((a, b) => a.index - b.index);
    answer.duplicates = (sizes[batch] ?? 0) - answer.accepted - answer.quarantined.length;
  });
  return answers;
}

/** In order of time; at the same instant by key, so that the order of arrival does not matter. */
export function byTime(a: Entry, b: Entry): number {
  const later = a.item.occurredAt.getTime() - b.item.occurredAt.getTime();
  return later === 0 ? (a.key < b.key ? -1 : 1) : later;
}
