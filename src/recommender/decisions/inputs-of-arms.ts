import type { Considered } from '../candidates/considered.js';
import { encodeSnapshot } from './snapshot.js';

/** Bytes of a record that the arms may take, with their inputs; the rest of the record needs less than what is left. */
export const ARMS_LIMIT = 2900;
/** Factors, slot and probability of an arm, and the frame of its texts. */
const BYTES_PER_ARM = 80;

/** How many of the arms, the best first, the record has room for (at least one), and their inputs. */
export function packArms(arms: readonly Considered[]): { count: number; snapshot: Uint8Array } {
  for (let count = arms.length; ; count -= 1) {
    const packed = arms.slice(0, count);
    const snapshot = snapshotOf(packed);
    if (count <= 1 || snapshot.length + bytesOfTexts(packed) <= ARMS_LIMIT) return { count, snapshot };
  }
}

/** The inputs of the arms as the model read them. */
function snapshotOf(arms: readonly Considered[]): Uint8Array {
  const views = [...new Set(arms.map(({ view }) => view))];
  return encodeSnapshot({
    contacts: views.map(({ inputs }) => inputs ?? NOTHING),
    arms: arms.map(({ view, inputs }) => ({
      contact: views.indexOf(view),
      crosses: inputs?.crosses ?? NO_CROSSES,
    })),
  });
}

const NO_CROSSES = new Float32Array(0);
const NOTHING = { numbers: NO_CROSSES, categories: [] };

/** Texts that arms share are written once. */
function bytesOfTexts(arms: readonly Considered[]): number {
  const texts = new Set<string>();
  for (const { variant, view, performedBy } of arms) {
    const { keys, treatment } = variant;
    texts.add(keys.actionId).add(keys.channelId).add(view.contact.contactId);
    texts.add(keys.productId ?? '').add(keys.treatmentId ?? '');
    texts.add(treatment?.contentId ?? '').add(performedBy.memberId ?? '');
  }
  let bytes = arms.length * BYTES_PER_ARM;
  for (const text of texts) bytes += Buffer.byteLength(text) + 1;
  return bytes;
}
