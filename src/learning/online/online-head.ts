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
  model: { group: [0.4, 0.15, 0.15, 0.15, 0.15, 0.15], arm: [0.35, 0.1, 0.15, 0.15, 0.15, 0.15] },
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

/** The head that follows from the evidence, ready to be stored. Arms of one channel with one outcome share a group. */
export function packHead(arms: readonly ArmEvidence[], prior: HeadPrior): Buffer {
  const groups = new Map<string, ArmEvidence[]>();
  for (const arm of arms) {
    const key = `${arm.channelId}\u0000${arm.outcomeId}`;
    const group = groups.get(key);
    if (group) group.push(arm);
    else groups.set(key, [arm]);
  }
  const packed: PackedHead = { priorWidth: priorWidthOf(prior), arms: [], newcomers: [] };
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const beliefs = beliefsOf(new Map(group.map((arm) => [arm, arm.evidence])), prior);
    packed.newcomers.push([first.channelId, first.outcomeId, bytesOf(beliefs.newcomer)]);
    for (const [{ actionId, channelId }, belief] of beliefs.arms)
      packed.arms.push([actionId, channelId, bytesOf(belief)]);
  }
  return packr.pack(packed);
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
