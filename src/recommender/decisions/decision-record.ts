import { Packr } from 'msgpackr';
import type { Decision, DecisionOutline, Placed, Suppression } from './decision.js';
import { placedAt } from './placed.js';
import {
  bytesOf,
  distinctCandidates,
  packCandidates,
  type PackedCandidates,
  RecordedCandidates,
  viewOf,
} from './recorded-candidates.js';

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

interface Packed extends PackedCandidates {
  /** Layout of this record. */
  v: 1;
  /** Question, without its account. */
  q: Omit<Decision['question'], 'accountId'>;
  ver: (string | number | null)[];
  seed: string;
  draw: [mode: string, gamma: number, floor: number];
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
  const { candidates, placeOf } = distinctCandidates(decision.arms, places);
  const { accountId: _, ...question } = decision.question;
  const packed: Packed = {
    v: 1,
    q: question,
    ver: Object.values(versionsInOrder(decision.versions)),
    seed: decision.seed,
    draw: [decision.draw.mode, decision.draw.gamma, decision.draw.floor],
    ...packCandidates(candidates),
    p: bytesOf(Float64Array.from(decision.arms, ({ probability }) => probability)),
    chosen: decision.chosen,
    sup: decision.suppressed.flatMap(({ rule, count }) => [rule, count]),
    pl: places.flatMap((place, index) => [
      placeOf[index] ?? 0,
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
  const packed = unpacked(key, bytes);
  const candidates = new RecordedCandidates(packed);
  const probabilities = probabilitiesOf(packed);
  const [mode, gamma, floor] = packed.draw;
  return {
    ...outlineOf(key, packed, candidates),
    seed: packed.seed,
    draw: { mode: mode as Decision['draw']['mode'], gamma, floor },
    arms: probabilities.map((probability, index) => ({
      candidate: index < probabilities.length - 1 ? candidates.at(index) : null,
      probability,
    })),
    chosen: packed.chosen,
    suppressed: pairs(packed.sup),
    noAction:
      packed.no === null ? null : { reason: packed.no as NonNullable<Decision['noAction']>['reason'] },
    snapshot: packed.snap,
  };
}

/** Of the decision that was encoded, what puts it before people; the rest of the record is left as it is. */
export function decodeOutline(key: DecisionKey, bytes: Uint8Array): DecisionOutline {
  const packed = unpacked(key, bytes);
  return outlineOf(key, packed, new RecordedCandidates(packed));
}

function unpacked(key: DecisionKey, bytes: Uint8Array): PackedDecision {
  const packed = packr.unpack(bytes) as PackedDecision;
  if (packed.v !== 1)
    throw new Error(`Decision ${key.decisionId} is written in layout ${packed.v}, which is not known`);
  return packed;
}

function outlineOf(
  key: DecisionKey,
  packed: PackedDecision,
  candidates: RecordedCandidates,
): DecisionOutline {
  return {
    decisionId: key.decisionId,
    accountId: key.accountId,
    decidedAt: key.decidedAt,
    policyEpoch: key.policyEpoch,
    stateSequence: key.stateSequence,
    runId: key.runId,
    question: { accountId: key.accountId, ...packed.q },
    versions: versionsFrom(packed.ver),
    suggestions: placesFrom(packed, candidates),
    expiresAt: new Date(packed.exp),
  };
}

const BYTES_A_PROBABILITY = Float64Array.BYTES_PER_ELEMENT;

function probabilitiesOf({ p }: PackedDecision): number[] {
  const view = viewOf(p);
  return Array.from({ length: p.length / BYTES_A_PROBABILITY }, (_, index) =>
    view.getFloat64(index * BYTES_A_PROBABILITY, true),
  );
}

const FIELDS_PER_PLACE = 5;

function placesFrom({ pl, p, chosen }: PackedDecision, candidates: RecordedCandidates): Placed[] {
  const places: Placed[] = [];
  for (let at = 0; at < pl.length; at += FIELDS_PER_PLACE) {
    const candidate = candidates.at(Number(pl[at]));
    if (!candidate) throw new Error(`A place names candidate ${String(pl[at])}, which is not in the record`);
    places.push(
      placedAt(candidate, {
        suggestionId: unpackedId(pl[at + 1]) as Placed['suggestionId'],
        rank: places.length + 1,
        intent: pl[at + 2] as Placed['intent'],
        purpose: pl[at + 3] as Placed['purpose'],
        inclusionProbability: at === 0 ? viewOf(p).getFloat64(chosen * BYTES_A_PROBABILITY, true) : null,
        expiresAt: new Date(Number(pl[at + 4])),
      }),
    );
  }
  return places;
}

function versionsInOrder(versions: Decision['versions']): Decision['versions'] {
  const { catalogue, rules, featureSet, model, head, prices, inputs, incremental } = versions;
  const known = { catalogue, rules, featureSet, model, head, prices, inputs };
  return incremental === undefined ? known : { ...known, incremental };
}

function versionsFrom(values: readonly (string | number | null)[]): Decision['versions'] {
  const [catalogue, rules, featureSet, model, head, prices, inputs, incremental] = values;
  const known = { catalogue, rules, featureSet, model, head, prices, inputs } as Decision['versions'];
  return typeof incremental === 'string' ? { ...known, incremental } : known;
}

function pairs(flat: readonly (string | number)[]): Suppression[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    rule: flat[index * 2] as Suppression['rule'],
    count: Number(flat[index * 2 + 1]),
  }));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function packedId(id: string): string | Uint8Array {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id;
}

function unpackedId(packed: string | number | Uint8Array | undefined): string {
  if (!(packed instanceof Uint8Array)) return String(packed);
  const hex = Buffer.from(packed.buffer, packed.byteOffset, packed.length).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
