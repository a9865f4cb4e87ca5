import { Packr } from 'msgpackr';
import type { Evidence } from './evidence.js';
import { beliefsOf, type HeadPrior } from './pooled-beliefs.js';
import type { Belief } from './posterior.js';
import { SIZE } from './representation.js';
import { quadraticForm, triangleLength } from './symmetric.js';

/** What corrections are learned for: an action on a channel, with the outcome that the action names. */
export interface ArmKey {
  actionId: string;
  channelId: string;
  outcomeId: string;
}

/** A belief as it serves: float32, so that what is stored is what is used. */
export interface ServedBelief {
  mean: Float32Array;
  /** Lower triangle, row by row. */
  covariance: Float32Array;
}

/** What outcomes have taught since the model was trained: one belief an arm, and one a channel for arms without any. */
export interface OnlineHead {
  version: string;
  /** Standard deviation of the bias before anything is known, in logits. */
  priorWidth: number;
  arm(actionId: string, channelId: string): ServedBelief | undefined;
  newcomer(channelId: string, outcomeId: string): ServedBelief | undefined;
}

/** The declared rules may be far off; a trained model less so. Standard deviations in logits: bias, slope, projections. */
export const priors: Readonly<Record<'rules' | 'model', HeadPrior>> = {
  rules: { group: [1, 0.3, 0.3, 0.3, 0.3, 0.3], arm: [0.7, 0.2, 0.2, 0.2, 0.2, 0.2] },
  model: { group: [0.5, 0.25, 0.15, 0.15, 0.15, 0.15], arm: [0.35, 0.15, 0.15, 0.15, 0.15, 0.15] },
};

interface PackedHead {
  priorWidth: number;
  arms: [actionId: string, channelId: string, belief: Uint8Array][];
  newcomers: [channelId: string, outcomeId: string, belief: Uint8Array][];
}

const packr = new Packr({ useRecords: false });
const FLOATS = SIZE + triangleLength(SIZE);

export interface ArmEvidence extends ArmKey {
  evidence: Evidence;
}

/** Beliefs of one channel with one outcome, ready to be stored. */
type PackedGroup = Pick<PackedHead, 'arms' | 'newcomers'>;

/**
 * The head that follows from the evidence. Arms of one channel with one outcome share a group; the beliefs of a group in
 * which nothing has changed are kept as they were.
 */
export class HeadPacker {
  private readonly groups = new Map<string, PackedGroup>();

  constructor(private readonly prior: HeadPrior) {}

  /** `changed`: arms with new evidence since the last packing; null: all are to be looked at anew. */
  pack(arms: readonly ArmEvidence[], changed: ReadonlySet<ArmEvidence> | null): Buffer {
    const groups = new Map<string, ArmEvidence[]>();
    for (const arm of arms) {
      const key = `${arm.channelId}\u0000${arm.outcomeId}`;
      const group = groups.get(key);
      if (group) group.push(arm);
      else groups.set(key, [arm]);
    }
    const packed: PackedHead = { priorWidth: priorWidthOf(this.prior), arms: [], newcomers: [] };
    for (const [key, group] of groups) {
      let own = this.groups.get(key);
      if (!own || !changed || group.some((arm) => changed.has(arm)))
        this.groups.set(key, (own = packGroup(group, this.prior)));
      packed.arms.push(...own.arms);
      packed.newcomers.push(...own.newcomers);
    }
    return packr.pack(packed);
  }
}

function packGroup(group: readonly ArmEvidence[], prior: HeadPrior): PackedGroup {
  const beliefs = beliefsOf(new Map(group.map((arm) => [arm, arm.evidence])), prior);
  const [{ channelId, outcomeId } = { channelId: '', outcomeId: '' }] = group;
  return {
    newcomers: [[channelId, outcomeId, bytesOf(beliefs.newcomer)]],
    arms: [...beliefs.arms].map(([arm, belief]) => [arm.actionId, arm.channelId, bytesOf(belief)]),
  };
}

export function priorWidthOf({ group, arm }: HeadPrior): number {
  return Math.hypot(group[0] ?? 0, arm[0] ?? 0);
}

export function unpackHead(version: string, bytes: Uint8Array): OnlineHead {
  const { priorWidth, arms, newcomers } = packr.unpack(bytes) as PackedHead;
  const byArm = nested(arms);
  const byChannel = nested(newcomers);
  return {
    version,
    priorWidth,
    arm: (actionId, channelId) => byArm.get(actionId)?.get(channelId),
    newcomer: (channelId, outcomeId) => byChannel.get(channelId)?.get(outcomeId),
  };
}

function nested(rows: readonly [string, string, Uint8Array][]): Map<string, Map<string, ServedBelief>> {
  const found = new Map<string, Map<string, ServedBelief>>();
  for (const [outer, inner, bytes] of rows) {
    const own = found.get(outer) ?? new Map<string, ServedBelief>();
    found.set(outer, own.set(inner, beliefFrom(bytes)));
  }
  return found;
}

function bytesOf({ mean, covariance }: Belief): Buffer {
  const floats = Float32Array.of(...mean, ...covariance);
  return Buffer.from(floats.buffer);
}

function beliefFrom(bytes: Uint8Array): ServedBelief {
  const floats = new Float32Array(Uint8Array.from(bytes).buffer);
  if (floats.length !== FLOATS) throw new Error(`A belief has ${FLOATS} numbers, not ${floats.length}`);
  return { mean: floats.subarray(0, SIZE), covariance: floats.subarray(SIZE) };
}

/** Standard deviation of the correction φᵀθ, in logits. */
export function widthOf({ covariance }: ServedBelief, phi: ArrayLike<number>): number {
  return Math.sqrt(Math.max(0, quadraticForm(covariance, phi)));
}
