import {
  eventKey,
  type IncomingItem,
  type IngestAnswer,
  isObject,
  isTooDeep,
  type ItemFormat,
  type ItemProblem,
  oversized,
  parseNative,
  parseSegmentCall,
  type Quarantine,
  type QuarantineId,
  type Reception,
  type SetAside,
  unfitItem,
} from '../events/index.js';
import { type Clock, digest, err, type Json, type Result } from '../shared/index.js';
import type { IngestEvents } from './ingest-events.js';

const parsers = { native: parseNative, segment: parseSegmentCall } as const;

/** Who hands items in. */
export interface Sender {
  /** Stable name under which the items are deduplicated. */
  source: string;
  recordedBy: string;
  publicKey: boolean;
  /** The call came with `Sec-GPC: 1`: its browser asks for Global Privacy Control. */
  privacySignal?: boolean;
}

export interface ReplayAnswer {
  accepted: number;
  duplicates: number;
  quarantined: { quarantineId: QuarantineId; pointer: string; reason: string }[];
}

type Parsed = { raw: Json; index: number; result: Result<IncomingItem, ItemProblem> };
type Refusal = { raw: Json; index: number; pointer: string; reason: string };

/**
 * Takes in raw items: what can be read goes on to the log, the rest is set aside with where and why. Durable when it
 * answers.
 */
export class ReceiveEvents {
  constructor(
    private readonly ingest: IngestEvents,
    private readonly quarantine: Quarantine,
    private readonly clock: Clock,
  ) {}

  /** Items that wait or are being written, in this process. */
  get load(): number {
    return this.ingest.load;
  }

  /** `measure`: some item may be larger than one may be. */
  async receive(
    items: readonly Json[],
    format: ItemFormat,
    sender: Sender,
    measure: boolean,
  ): Promise<IngestAnswer> {
    const now = this.clock.now();
    const reception: Reception = {
      source: sender.source,
      receivedAt: now,
      now,
      fromBrowser: sender.publicKey,
    };
    const parsed = items.map((raw, index) => ({
      raw,
      index,
      result: parse(raw, format, reception, measure),
    }));
    const read = parsed.flatMap(({ result }) => (result.ok ? [result.value] : []));
    const good = sender.privacySignal ? read.map(withSignal) : read;
    const { recordedBy, publicKey } = sender;
    const answer = await this.ingest.run(good, { origin: 'live', recordedBy, publicKey });
    const refusals = refusalsOf(parsed, answer);
    if (refusals.length === 0) return answer;
    await this.quarantine.setAside(
      refusals.map((refusal) => setAside(refusal, format, sender, now)),
      now,
    );
    return {
      ...answer,
      quarantined: refusals.map(({ index, pointer, reason }) => ({ index, pointer, reason })),
    };
  }

  /** Tries items of the quarantine again, after their cause was mended; they fold and never fire. */
  async replay(ids: readonly QuarantineId[] | 'all'): Promise<ReplayAnswer> {
    const total: ReplayAnswer = { accepted: 0, duplicates: 0, quarantined: [] };
    let after: { receivedAt: Date; quarantineId: QuarantineId } | undefined;
    for (;;) {
      const page = await this.quarantine.page({
        ...(ids === 'all' ? {} : { ids }),
        ...(after ? { after } : {}),
        limit: REPLAYED_AT_ONCE,
      });
      const last = page.at(-1);
      if (last === undefined) return total;
      after = last;
      for (const group of bySender(page)) await this.replayGroup(group, total);
    }
  }

  private async replayGroup(items: readonly SetAside[], total: ReplayAnswer): Promise<void> {
    const [first] = items;
    if (!first) return;
    const now = this.clock.now();
    const parsed = items.map((item, index) => ({ raw: item.item, index, result: parseAgain(item, now) }));
    const good = parsed.flatMap(({ result }) => (result.ok ? [result.value] : []));
    const { recordedBy, fromBrowser: publicKey } = first;
    const answer = await this.ingest.run(good, { origin: 'replay', recordedBy, publicKey });
    const refusals = refusalsOf(parsed, answer);
    const refused = new Set(refusals.map(({ index }) => index));
    await this.quarantine.remove(
      items.filter((_, index) => !refused.has(index)).map((item) => item.quarantineId),
    );
    const again = refusals.flatMap(({ index, pointer, reason }) => {
      const item = items[index];
      return item ? [{ ...item, pointer, reason }] : [];
    });
    await this.quarantine.setAside(again, now);
    total.accepted += answer.accepted;
    total.duplicates += answer.duplicates;
    total.quarantined.push(
      ...again.map(({ quarantineId, pointer, reason }) => ({ quarantineId, pointer, reason })),
    );
  }
}

const REPLAYED_AT_ONCE = 500;

/** The signal goes with each event, so that it is not lost until it is known whose browser it was. */
function withSignal(item: IncomingItem): IncomingItem {
  return item.kind === 'event'
    ? { ...item, properties: { ...item.properties, globalPrivacyControl: true } }
    : item;
}

function parse(
  raw: Json,
  format: ItemFormat,
  reception: Reception,
  measure: boolean,
): Result<IncomingItem, ItemProblem> {
  const problem = measure ? (unfitItem(raw) ?? oversized(raw)) : null;
  return problem ? err(problem) : parsers[format](raw, reception);
}

function parseAgain(item: SetAside, now: Date): Result<IncomingItem, ItemProblem> {
  if (item.item === null)
    return err({ pointer: '', reason: 'was too big to be kept: send it anew, split or shortened' });
  const { source, receivedAt, fromBrowser } = item;
  return parse(item.item, item.format, { source, receivedAt, now, fromBrowser }, true);
}

/** Refusals of the parser and of the transaction, which counts the readable items only, by place in what came. */
function refusalsOf(parsed: readonly Parsed[], answer: IngestAnswer): Refusal[] {
  const readable = parsed.filter(({ result }) => result.ok);
  const refusals = parsed.flatMap(({ raw, index, result }) =>
    result.ok ? [] : [{ raw, index, ...result.error }],
  );
  for (const { index, pointer, reason } of answer.quarantined) {
    const one = readable[index];
    if (one) refusals.push({ raw: one.raw, index: one.index, pointer, reason });
  }
  return refusals.sort((a, b) => a.index - b.index);
}

function setAside(
  { raw, index, pointer, reason }: Refusal,
  format: ItemFormat,
  sender: Sender,
  receivedAt: Date,
): Omit<SetAside, 'tries'> {
  const storable = !isTooDeep(raw);
  return {
    quarantineId: quarantineIdOf(raw, `${format} ${sender.source}`, `${receivedAt.toISOString()} ${index}`),
    receivedAt,
    format,
    source: sender.source,
    recordedBy: sender.recordedBy,
    fromBrowser: sender.publicKey,
    item: storable ? raw : null,
    pointer,
    reason,
  };
}

/** The same for the same item sent again, as far as it can be told. */
function quarantineIdOf(raw: Json, sender: string, occasion: string): QuarantineId {
  const { sentAt: _, messageId, ...told } = isObject(raw) ? raw : { raw };
  const known = typeof messageId === 'string' && messageId !== '';
  const identity = known ? messageId : isTooDeep(raw) ? occasion : digest(told);
  return eventKey(`quarantine ${sender}`, identity) as string as QuarantineId;
}

/** Items that may go through one call: same recorder, same kind of key. */
function bySender(items: readonly SetAside[]): SetAside[][] {
  const groups = new Map<string, SetAside[]>();
  for (const item of items) {
    const key = JSON.stringify([item.recordedBy, item.fromBrowser]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
