import { Packr } from 'msgpackr';
import type { AccountInputs } from '../scoring/propensity-model.js';
import { decodeRows, encodeRows } from './sparse-rows.js';

const packr = new Packr({ useRecords: false });

/** The inputs of the arms as the model read them: of each contact, and of each arm its crosses. */
export interface Snapshot {
  contacts: readonly AccountInputs[];
  arms: readonly { contact: number; crosses: Float32Array }[];
}

type Packed = [
  numbers: [width: number, rows: Buffer],
  categories: (string | null)[],
  /** Contact, category and value where a further contact differs from the first. */
  differing: (number | string | null)[],
  contactOfArm: Buffer,
  crosses: [width: number, rows: Buffer],
  /** Absent where the model's schema has none. */
  profiles?: [width: number, rows: Buffer],
];

/** Sparse: what is unknown, and what further contacts and arms share with the first, takes a bit. */
export function encodeSnapshot({ contacts, arms }: Snapshot): Uint8Array {
  if (arms.length === 0) return new Uint8Array(0);
  const categories = contacts[0]?.categories ?? [];
  const packed: Packed = [
    [contacts[0]?.numbers.length ?? 0, encodeRows(contacts.map(({ numbers }) => numbers))],
    [...categories],
    contacts.flatMap((contact, index) =>
      contact.categories.flatMap((value, place) =>
        value === categories[place] ? [] : [index, place, value],
      ),
    ),
    Buffer.from(arms.map(({ contact }) => contact)),
    [arms[0]?.crosses.length ?? 0, encodeRows(arms.map(({ crosses }) => crosses))],
  ];
  const profiles = contacts.flatMap(({ profile }) => (profile ? [withoutZeros(profile)] : []));
  if (profiles.length === contacts.length && profiles[0])
    packed.push([profiles[0].length, encodeRows(profiles)]);
  return packr.pack(packed);
}

/** Exactly what was encoded; without arms there is nothing in it. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  if (bytes.length === 0) return { contacts: [], arms: [] };
  const [[numbersWidth, numbers], first, differing, contactOfArm, [crossesWidth, crosses], packedProfiles] =
    packr.unpack(bytes) as Packed;
  const contactCount = Math.max(...contactOfArm) + 1;
  const categories = Array.from({ length: contactCount }, () => [...first]);
  for (let index = 0; index < differing.length; index += 3) {
    const [contact, place, value] = differing.slice(index, index + 3);
    const own = categories[Number(contact)];
    if (own) own[Number(place)] = typeof value === 'string' ? value : null;
  }
  const profiles = packedProfiles && decodeRows(packedProfiles[1], contactCount, packedProfiles[0]);
  const rows = decodeRows(crosses, contactOfArm.length, crossesWidth);
  return {
    contacts: decodeRows(numbers, contactCount, numbersWidth).map((row, index) => ({
      numbers: row,
      categories: categories[index] ?? [],
      ...(profiles?.[index] ? { profile: profiles[index].map((value) => value || 0) } : {}),
    })),
    arms: rows.map((row, index) => ({ contact: contactOfArm[index] ?? 0, crosses: row })),
  };
}

/** What is not known takes no room. */
function withoutZeros(profile: Float32Array): Float32Array {
  return profile.map((value) => (value === 0 ? NaN : value));
}
