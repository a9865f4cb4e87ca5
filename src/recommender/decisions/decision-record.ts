import { Packr } from 'msgpackr';
import { MINUTE } from '../../shared/index.js';
import { priorityOf } from '../arbitration/arbitrate.js';
import type { Arm, Decision, Placed, ScoredCandidate, Suppression } from './decision.js';

const packr = new Packr({ useRecords: false });

/** Bytes that one record may take. */
export const RECORD_LIMIT = 4096;
/** Places of which the record keeps the detail; a longer list stands in its suggestions only. */
export const RECORDED_PLACES = 10;

/** Columns that stand beside the record in its row. */
export interface DecisionKey {
  decisionId: Decision['decisionId'];
  accountId: Decision['accountId'];
  decidedAt: Date;
  policyEpoch: number;
  stateSequence: number;
  runId: string | null;
}

const idFields = ['actionId', 'productId', 'treatmentId', 'contentId', 'contactId', 'channelId'] as const;
const textFields = [...idFields, 'role', 'memberId', 'timeZone'] as const;
type TextField = (typeof textFields)[number];

const textOf: { [Field in TextField]: (candidate: ScoredCandidate) => string | null } = {
  actionId: (candidate) => candidate.actionId,
  productId: (candidate) => candidate.productId,
  treatmentId: (candidate) => candidate.treatmentId,
  contentId: (candidate) => candidate.contentId,
  contactId: (candidate) => candidate.contactId,
  channelId: (candidate) => candidate.channelId,
  role: (candidate) => candidate.performedBy.role,
  memberId: (candidate) => candidate.performedBy.memberId,
  timeZone: (candidate) => candidate.slot.timeZone,
};
/** propensity, value, context, lever, cost. */
const FACTORS = 5;

interface Packed {
  /** Layout of this record. */
  v: 1;
  /** Question, without its account. */
  q: Omit<Decision['question'], 'accountId'>;
  ver: (string | number | null)[];
  seed: string;
  draw: [mode: string, gamma: number, floor: number];
  /** Texts that candidates name by place, front-coded; place 0 is null. */
  t: (string | number)[];
  /** For each field of text, the place of each candidate's. */
  c: number[];
  /** For each candidate: its float32 factors. */
  f: Buffer;
  /** For each candidate: its correction, float32; absent where nothing was learned. */
  h?: Buffer;
  /** For each candidate: slot from and to, in Unix minutes. uint32. */
  s: Buffer;
  /** Probabilities of the arms, float64. Arms are the first candidates, then no action. */
  p: Buffer;
  chosen: number;
  sup: (string | number)[];
  /** For each place: candidate, suggestion id (a UUID as its bytes), intent, purpose, Unix milliseconds of expiry. */
  pl: (string | number | Uint8Array)[];
  no: string | null;
  exp: number;
  snap: Uint8Array;
}

type PackedDecision = Omit<Packed, 'v'> & { v: number };

/** Bytes of a decision, 4 kB at most by the arms that were let in. */
export function encodeDecision(decision: Decision): Buffer {
  const places = decision.suggestions.slice(0, RECORDED_PLACES);
  const candidates = new Map<string, ScoredCandidate>();
  for (const { candidate } of decision.arms) if (candidate) candidates.set(identity(candidate), candidate);
  for (const place of places) if (!candidates.has(identity(place))) candidates.set(identity(place), place);
  const order = new Map([...candidates.keys()].map((key, index) => [key, index]));
  const all = [...candidates.values()];
  const texts = new TextTable();
  const { accountId: _, ...question } = decision.question;
  const packed: Packed = {
    v: 1,
    q: question,
    ver: Object.values(versionsInOrder(decision.versions)),
    seed: decision.seed,
    draw: [decision.draw.mode, decision.draw.gamma, decision.draw.floor],
    c: textFields.flatMap((field) => all.map((candidate) => texts.place(textOf[field](candidate)))),
    t: frontCoded(texts.texts),
    f: bytesOf(
      Float32Array.from(
        all.flatMap(({ propensity, value, context, lever, cost }) => [
          propensity,
          value,
          context,
          lever,
          cost,
        ]),
      ),
    ),
    ...correctionsOf(all),
    s: bytesOf(Uint32Array.from(all.flatMap(({ slot }) => [minutes(slot.from), minutes(slot.to)]))),
    p: bytesOf(Float64Array.from(decision.arms, ({ probability }) => probability)),
    chosen: decision.chosen,
    sup: decision.suppressed.flatMap(({ rule, count }) => [rule, count]),
    pl: places.flatMap((place) => [
      order.get(identity(place)) ?? 0,
      packedId(place.suggestionId),
      place.intent,
      place.purpose,
      place.expiresAt.getTime(),
    ]),
    no: decision.noAction?.reason ?? null,
    exp: decision.expiresAt.getTime(),
    snap: decision.snapshot,
  };
  return packr.pack(packed);
}

/**
 * The decision that was encoded, exactly: factors are float32 from the start, and priorities follow from them. Slots
 * are on whole minutes.
 */
export function decodeDecision(key: DecisionKey, bytes: Uint8Array): Decision {
  const packed = packr.unpack(bytes) as PackedDecision;
  if (packed.v !== 1)
    throw new Error(`Decision ${key.decisionId} is written in layout ${packed.v}, which is not known`);
  const candidates = candidatesFrom(packed);
  const probabilities = float64s(packed.p);
  const arms = [...probabilities].map((probability, index): Arm => ({
    candidate: index < probabilities.length - 1 ? (candidates[index] ?? null) : null,
    probability,
  }));
  const [mode, gamma, floor] = packed.draw;
  return {
    ...key,
    question: { accountId: key.accountId, ...packed.q },
    versions: versionsFrom(packed.ver),
    seed: packed.seed,
    draw: { mode: mode as Decision['draw']['mode'], gamma, floor },
    arms,
    chosen: packed.chosen,
    suppressed: pairs(packed.sup),
    suggestions: placesFrom(packed, candidates, arms[packed.chosen]?.probability ?? 0),
    noAction:
      packed.no === null ? null : { reason: packed.no as NonNullable<Decision['noAction']>['reason'] },
    expiresAt: new Date(packed.exp),
    snapshot: packed.snap,
  };
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
  return texts.flatMap((text, index) => {
    const before = texts[index - 1] ?? '';
    let shared = 0;
    while (shared < text.length && text[shared] === before[shared]) shared += 1;
    return [shared, text.slice(shared)];
  });
}

function unfolded(coded: readonly (string | number)[]): string[] {
  const texts: string[] = [];
  for (let place = 0; place < coded.length; place += 2) {
    texts.push((texts.at(-1) ?? '').slice(0, Number(coded[place])) + String(coded[place + 1]));
  }
  return texts;
}

function correctionsOf(candidates: readonly ScoredCandidate[]): Pick<Packed, 'h'> {
  if (!candidates.some(({ correction }) => correction)) return {};
  return { h: bytesOf(Float32Array.from(candidates, ({ correction }) => correction ?? 0)) };
}

function candidatesFrom({ t, c, f, h, s }: PackedDecision): ScoredCandidate[] {
  const factors = float32s(f);
  const corrections = h && float32s(h);
  const slots = uint32s(s);
  const texts = unfolded(t);
  const count = slots.length / 2;
  return Array.from({ length: count }, (_, index) => {
    const text = (field: TextField) => {
      const place = c[textFields.indexOf(field) * count + index] ?? 0;
      return place === 0 ? null : (texts[place - 1] ?? null);
    };
    const ids = Object.fromEntries(idFields.map((field) => [field, text(field)]));
    const [propensity = 0, value = 0, context = 0, lever = 0, cost = 0] = factors.subarray(
      index * FACTORS,
      (index + 1) * FACTORS,
    );
    const numbers = { propensity, value, context, lever, cost };
    return {
      ...ids,
      ...numbers,
      ...(corrections?.[index] ? { correction: corrections[index] } : {}),
      performedBy: { role: text('role'), memberId: text('memberId') },
      slot: {
        from: new Date((slots[index * 2] ?? 0) * MINUTE),
        to: new Date((slots[index * 2 + 1] ?? 0) * MINUTE),
        timeZone: text('timeZone') ?? 'UTC',
      },
      priority: priorityOf(numbers),
    } as ScoredCandidate;
  });
}

const FIELDS_PER_PLACE = 5;

function placesFrom({ pl }: PackedDecision, candidates: readonly ScoredCandidate[], first: number): Placed[] {
  return Array.from({ length: pl.length / FIELDS_PER_PLACE }, (_, index) => {
    const [candidate, suggestionId, intent, purpose, expires] = pl.slice(index * FIELDS_PER_PLACE);
    return {
      ...candidates[Number(candidate)],
      suggestionId: unpackedId(suggestionId),
      rank: index + 1,
      intent,
      purpose,
      inclusionProbability: index === 0 ? first : null,
      expiresAt: new Date(Number(expires)),
    } as Placed;
  });
}

/** What tells the candidates of one decision apart. */
function identity({ actionId, productId, treatmentId, contactId, channelId }: ScoredCandidate): string {
  return `${actionId}\u0000${productId ?? ''}\u0000${treatmentId ?? ''}\u0000${contactId}\u0000${channelId}`;
}

function versionsInOrder(versions: Decision['versions']): Decision['versions'] {
  const { catalogue, rules, featureSet, model, head, prices, inputs } = versions;
  return { catalogue, rules, featureSet, model, head, prices, inputs };
}

function versionsFrom(values: readonly (string | number | null)[]): Decision['versions'] {
  const [catalogue, rules, featureSet, model, head, prices, inputs] = values;
  return { catalogue, rules, featureSet, model, head, prices, inputs } as Decision['versions'];
}

function pairs(flat: readonly (string | number)[]): Suppression[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    rule: flat[index * 2] as Suppression['rule'],
    count: Number(flat[index * 2 + 1]),
  }));
}

function minutes(date: Date): number {
  return date.getTime() / MINUTE;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function packedId(id: string): string | Uint8Array {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id;
}

function unpackedId(packed: string | number | Uint8Array | undefined): string {
  if (!(packed instanceof Uint8Array)) return String(packed);
  const hex = Buffer.from(packed).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function bytesOf(array: Float32Array | Float64Array | Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Copied, since bytes inside a message stand at any offset. */
function float32s(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function float64s(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}

function uint32s(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
