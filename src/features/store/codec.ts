import type { Group } from '../layout.js';
import { FoldedState, OwnerSlots, type Places } from './account-state.js';
import { ByteReader, ByteWriter } from './bytes.js';

/** Raised when the bytes of a state or the code of a kind change their meaning: part of the feature set's version. */
export const STATE_FORMAT = 1;

/** Room for slots that are made after decoding. */
const SLACK = 64;

const writer = new ByteWriter();

/** Bytes of a state: each owner's id and section. Sections of owners that nobody changed are copied as they are. */
export function encodeState(state: FoldedState, groups: readonly Group[]): Buffer {
  for (const owner of state.owners.values()) {
    if (!owner.bytes && owner.slots) owner.bytes = encodeOwner(owner.slots, groups);
  }
  writer.restart();
  writer.varint(STATE_FORMAT);
  writer.varint(state.owners.size);
  for (const [id, { bytes }] of state.owners) {
    const section = bytes ?? new Uint8Array(0);
    writer.text(id);
    writer.varint(section.length);
    writer.raw(section);
  }
  return writer.taken();
}

/** Owners stay bytes until they are read. Throws on bytes of another format. */
export function decodeState(bytes: Uint8Array, featureSet: string): FoldedState {
  const reader = new ByteReader(bytes);
  const format = reader.varint();
  if (format !== STATE_FORMAT) throw new Error(`State of format ${format}, not ${STATE_FORMAT}: rebuild it`);
  const state = new FoldedState(featureSet);
  for (let left = reader.varint(); left > 0; left -= 1) {
    const id = reader.text();
    state.owners.set(id, { bytes: reader.raw(reader.varint()), slots: null });
  }
  return state;
}

/** Numbers used, key table, groups by ascending index, each one higher because 0 ends them. */
function encodeOwner(slots: OwnerSlots, groups: readonly Group[]): Buffer {
  slots.compactKeys();
  writer.restart();
  writer.varint(slots.used);
  writer.varint(slots.keys.length);
  for (const key of slots.keys) writer.varint(key.length);
  writer.text(slots.keys.join(''));
  for (const group of groups) {
    const places = slots.places[group.index];
    if (places === undefined) continue;
    const width = group.initial.length;
    writer.varint(group.index + 1);
    if (typeof places === 'number') {
      writer.numbers(slots.numbers, places, width);
      continue;
    }
    writer.varint(places.keys.length);
    for (const key of places.keys) writer.varint(key);
    for (const start of places.starts) writer.numbers(slots.numbers, start, width);
  }
  writer.varint(0);
  return writer.taken();
}

export function decodeOwner(bytes: Uint8Array, groups: readonly Group[]): OwnerSlots {
  const reader = new ByteReader(bytes);
  const used = reader.varint();
  const keys = readKeys(reader);
  const numbers = new Float64Array(used + SLACK);
  const places = Array.from<Places | undefined>({ length: groups.length });
  let next = 0;
  const read = (width: number): number => {
    const start = next;
    next += width;
    if (next > used) throw new RangeError('A state has more numbers than it says');
    reader.numbers(numbers, start, width);
    return start;
  };
  for (let index = reader.varint() - 1; index >= 0; index = reader.varint() - 1) {
    const group = groups[index];
    if (!group) throw new RangeError(`A state names group ${index} of ${groups.length}`);
    const width = group.initial.length;
    if (group.by === undefined) {
      places[index] = read(width);
      continue;
    }
    const count = reader.varint();
    const own: number[] = [];
    const starts: number[] = [];
    for (let entry = 0; entry < count; entry += 1) own.push(reader.varint());
    for (let entry = 0; entry < count; entry += 1) starts.push(read(width));
    places[index] = { keys: own, starts };
  }
  return new OwnerSlots(numbers, used, places, keys);
}

/** All keys lie in one text: decoding it once and cutting it is several times faster than many small texts. */
function readKeys(reader: ByteReader): string[] {
  const lengths: number[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) lengths.push(reader.varint());
  const text = reader.text();
  let start = 0;
  return lengths.map((length) => text.slice(start, (start += length)));
}
