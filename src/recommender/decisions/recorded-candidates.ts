import { MINUTE } from '../../shared/index.js';
import { priorityOf } from '../arbitration/arbitrate.js';
import type { Arm, ScoredCandidate } from './decision.js';

/** The candidates of one record, column by column. */
export interface PackedCandidates {
  /** Texts that candidates name by place, front-coded; place 0 is null. */
  t: (string | number)[];
  /** For each field of text, the place of each candidate's. */
  c: number[];
  /** For each candidate: its float32 factors. */
  f: Uint8Array;
  /** For each candidate: its correction, float32; absent where nothing was learned. */
  h?: Uint8Array;
  /** For each candidate: what suggesting it adds, float32; absent where the catalogue was valued by propensity. */
  i?: Uint8Array;
  /** For each candidate: slot from and to, in Unix minutes. uint32. */
  s: Uint8Array;
}

/** The order of the fields in `c`. */
const textOf: readonly ((candidate: ScoredCandidate) => string | null)[] = [
  (candidate) => candidate.actionId,
  (candidate) => candidate.productId,
  (candidate) => candidate.treatmentId,
  (candidate) => candidate.contentId,
  (candidate) => candidate.contactId,
  (candidate) => candidate.channelId,
  (candidate) => candidate.performedBy.role,
  (candidate) => candidate.performedBy.memberId,
  (candidate) => candidate.slot.timeZone,
];
/** propensity, value, context, lever, cost. */
const FACTORS = 5;
/** Factors, corrections and times take four bytes each. */
const BYTES_A_NUMBER = 4;

export function packCandidates(candidates: readonly ScoredCandidate[]): PackedCandidates {
  const texts = new TextTable();
  const places: number[] = [];
  for (const text of textOf) for (const candidate of candidates) places.push(texts.place(text(candidate)));
  return {
    c: places,
    t: frontCoded(texts.texts),
    f: bytesOf(factorsOf(candidates)),
    ...correctionsOf(candidates),
    ...incrementsOf(candidates),
    s: bytesOf(slotsOf(candidates)),
  };
}

/** Reads the candidates of a record one by one: whoever needs a few does not pay for all. */
export class RecordedCandidates {
  readonly count: number;
  private readonly texts: readonly string[];
  private readonly places: readonly number[];
  private readonly factors: DataView;
  private readonly corrections: DataView | undefined;
  private readonly increments: DataView | undefined;
  private readonly slots: DataView;
  private readonly known: (ScoredCandidate | undefined)[] = [];

  constructor({ t, c, f, h, i, s }: PackedCandidates) {
    this.texts = unfolded(t);
    this.places = c;
    this.factors = viewOf(f);
    this.corrections = h && viewOf(h);
    this.increments = i && viewOf(i);
    this.slots = viewOf(s);
    this.count = s.length / (2 * BYTES_A_NUMBER);
  }

  at(index: number): ScoredCandidate | null {
    if (index >= this.count) return null;
    return (this.known[index] ??= this.read(index));
  }

  private read(index: number): ScoredCandidate {
    const numbers = {
      propensity: this.factor(index, 0),
      value: this.factor(index, 1),
      context: this.factor(index, 2),
      lever: this.factor(index, 3),
      cost: this.factor(index, 4),
    };
    const correction = this.corrections?.getFloat32(index * BYTES_A_NUMBER, true);
    const incremental = this.increments?.getFloat32(index * BYTES_A_NUMBER, true);
    const candidate = {
      actionId: this.text(0, index),
      productId: this.text(1, index),
      treatmentId: this.text(2, index),
      contentId: this.text(3, index),
      contactId: this.text(4, index),
      channelId: this.text(5, index),
      ...numbers,
      performedBy: { role: this.text(6, index), memberId: this.text(7, index) },
      slot: {
        from: this.time(index * 2),
        to: this.time(index * 2 + 1),
        timeZone: this.text(8, index) ?? 'UTC',
      },
      priority: priorityOf({ ...numbers, incremental }),
    } as ScoredCandidate;
    if (correction) candidate.correction = correction;
    if (incremental !== undefined) candidate.incremental = incremental;
    return candidate;
  }

  private text(field: number, index: number): string | null {
    const place = this.places[field * this.count + index] ?? 0;
    return place === 0 ? null : (this.texts[place - 1] ?? null);
  }

  private factor(index: number, place: number): number {
    return this.factors.getFloat32((index * FACTORS + place) * BYTES_A_NUMBER, true);
  }

  private time(place: number): Date {
    return new Date(this.slots.getUint32(place * BYTES_A_NUMBER, true) * MINUTE);
  }
}

/** Arms first, then what only has a place; and where in that list each place's candidate stands. */
export function distinctCandidates(
  arms: readonly Arm[],
  places: readonly ScoredCandidate[],
): { candidates: ScoredCandidate[]; placeOf: number[] } {
  const candidates: ScoredCandidate[] = [];
  const order = new Map<string, number>();
  const add = (candidate: ScoredCandidate): number => {
    const key = identity(candidate);
    let place = order.get(key);
    if (place === undefined) order.set(key, (place = candidates.push(candidate) - 1));
    return place;
  };
  for (const { candidate } of arms) if (candidate) add(candidate);
  return { candidates, placeOf: places.map(add) };
}

/** What tells the candidates of one decision apart. */
function identity({ actionId, productId, treatmentId, contactId, channelId }: ScoredCandidate): string {
  return `${actionId}\u0000${productId ?? ''}\u0000${treatmentId ?? ''}\u0000${contactId}\u0000${channelId}`;
}

class TextTable {
  readonly texts: string[] = [];
  private readonly places = new Map<string, number>();

  place(text: string | null): number {
    if (text === null) return 0;
    let place = this.places.get(text);
    if (place === undefined) this.places.set(text, (place = this.texts.push(text)));
    return place;
  }
}

/** Each text as the length that it shares with the one before, and the rest: ids of one kind begin alike. */
function frontCoded(texts: readonly string[]): (string | number)[] {
  const coded: (string | number)[] = [];
  let before = '';
  for (const text of texts) {
    let shared = 0;
    while (shared < text.length && text[shared] === before[shared]) shared += 1;
    coded.push(shared, text.slice(shared));
    before = text;
  }
  return coded;
}

function unfolded(coded: readonly (string | number)[]): string[] {
  const texts: string[] = [];
  let before = '';
  for (let place = 0; place < coded.length; place += 2) {
    before = before.slice(0, Number(coded[place])) + String(coded[place + 1]);
    texts.push(before);
  }
  return texts;
}

function factorsOf(candidates: readonly ScoredCandidate[]): Float32Array {
  const factors = new Float32Array(candidates.length * FACTORS);
  let end = 0;
  for (const { propensity, value, context, lever, cost } of candidates) {
    factors[end++] = propensity;
    factors[end++] = value;
    factors[end++] = context;
    factors[end++] = lever;
    factors[end++] = cost;
  }
  return factors;
}

function correctionsOf(candidates: readonly ScoredCandidate[]): Pick<PackedCandidates, 'h'> {
  if (!candidates.some(({ correction }) => correction)) return {};
  return { h: bytesOf(Float32Array.from(candidates, ({ correction }) => correction ?? 0)) };
}

/** A catalogue is valued as a whole: all candidates have it, or none. */
function incrementsOf(candidates: readonly ScoredCandidate[]): Pick<PackedCandidates, 'i'> {
  if (candidates[0]?.incremental === undefined) return {};
  return { i: bytesOf(Float32Array.from(candidates, ({ incremental }) => incremental ?? 0)) };
}

function slotsOf(candidates: readonly ScoredCandidate[]): Uint32Array {
  const slots = new Uint32Array(candidates.length * 2);
  let end = 0;
  for (const { slot } of candidates) {
    slots[end++] = slot.from.getTime() / MINUTE;
    slots[end++] = slot.to.getTime() / MINUTE;
  }
  return slots;
}

export function bytesOf(array: Float32Array | Float64Array | Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Reads numbers, little-endian as they were written, at any offset. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
