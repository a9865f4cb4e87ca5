import type { Counted, KeptTrial, Trial } from '../../outcomes/index.js';
import { DAY } from '../../shared/index.js';
import { addTrial, type Evidence, noEvidence, scaleEvidence } from './evidence.js';
import { type ArmEvidence, type ArmKey, HeadPacker } from './online-head.js';
import type { HeadPrior } from './pooled-beliefs.js';
import { type Delays, negativeWeight, nextStep, shareArrived, STEPS, stepOf } from './open-windows.js';
import { SIZE } from './representation.js';

/** After so many days an outcome counts half. */
const HALF_LIFE_DAYS = 30;

/** What is left of an outcome's weight after some milliseconds. */
export function leftAfter(milliseconds: number): number {
  return 2 ** (-milliseconds / (HALF_LIFE_DAYS * DAY));
}

/** How much of the past is worth reading again: what is older weighs less than an eighth. */
export const REMEMBERED_DAYS = 3 * HALF_LIFE_DAYS;

/** Reads the inputs of trials: the model's own logit, then the representation; null where they were not logged. */
export type InputsOf = (trial: Trial) => Float32Array | null;

/**
 * The evidence of one model's arms while the learner works: each trial is in it once, as what is known of it now. What
 * was counted of a trial is taken out before it is counted otherwise. A trial counts by its age, so that both are the
 * same numbers, whenever they are counted.
 */
export class EvidenceLedger {
  private readonly arms = new Map<string, ArmEvidence>();
  private readonly touched = new Set<ArmEvidence>();
  private readonly newDelays = new Map<string, number[]>();
  private readonly packer: HeadPacker;
  private asOf: Date;

  constructor(
    readonly model: string,
    /** `trainedUntil`: trials that began up to then are in the model itself; null: none is. */
    readonly training: { prior: HeadPrior; trainedUntil: Date | null },
    stored: { asOf: Date; arms: readonly ArmEvidence[]; delays: ReadonlyMap<string, Delays> },
  ) {
    this.asOf = stored.asOf;
    for (const arm of stored.arms) this.arms.set(keyOf(arm), arm);
    this.delays = new Map(stored.delays);
    this.packer = new HeadPacker(training.prior);
  }

  private readonly delays: Map<string, Delays>;

  /** Forgets up to that moment. */
  moveTo(at: Date): void {
    const factor = leftAfter(at.getTime() - this.asOf.getTime());
    for (const { evidence } of this.arms.values()) scaleEvidence(evidence, factor);
    this.asOf = at;
  }

  /** Counts a trial as what is known of it now, and says when it is to be looked at next. */
  count({ trial, counted, nextAt }: KeptTrial, inputsOf: InputsOf): KeptTrial {
    const at = this.asOf;
    const closed = trial.closesAt <= at;
    if (closed && nextAt !== null) this.noteDelay(trial);
    const next = closed
      ? null
      : trial.label === 1
        ? trial.closesAt
        : nextStep(trial.startedAt, trial.closesAt, at);
    const before = counted.model === this.model ? counted : NOT_COUNTED;
    const { trainedUntil } = this.training;
    const learnable = trainedUntil === null || trial.startedAt > trainedUntil;
    const inputs = before.inputs ?? (learnable ? inputsOf(trial) : null);
    const now = inputs ? this.targetOf(trial) : { label: null, weight: 0 };
    if (inputs && (before.label !== now.label || before.weight !== now.weight)) {
      this.add(trial, inputs, before, -1);
      this.add(trial, inputs, now, 1);
    }
    return { trial, counted: { model: this.model, inputs, ...now }, nextAt: next };
  }

  /** Takes a trial out that turned out to be none. */
  discount({ trial, counted }: KeptTrial): void {
    if (counted.model === this.model && counted.inputs) this.add(trial, counted.inputs, counted, -1);
  }

  get changed(): readonly ArmEvidence[] {
    return [...this.touched];
  }

  get all(): readonly ArmEvidence[] {
    return [...this.arms.values()];
  }

  get changedDelays(): ReadonlyMap<string, Delays> {
    return this.newDelays;
  }

  /** The head that follows; `anew`: also what did not change, since time has passed. */
  head(anew: boolean): Buffer {
    return this.packer.pack(this.all, anew ? null : this.touched);
  }

  /** What changed has been written. */
  written(): void {
    this.touched.clear();
    this.newDelays.clear();
  }

  private targetOf(trial: Trial): Pick<Counted, 'label' | 'weight'> {
    if (trial.label !== null) return { label: trial.label, weight: 1 };
    const length = trial.closesAt.getTime() - trial.startedAt.getTime();
    const share = length > 0 ? (this.asOf.getTime() - trial.startedAt.getTime()) / length : 1;
    const arrived = shareArrived(this.delays.get(trial.outcomeId), Math.max(0, share));
    return { label: 0, weight: negativeWeight(trial.propensity, arrived) };
  }

  private add(
    trial: Trial,
    inputs: Float32Array,
    { label, weight }: Pick<Counted, 'label' | 'weight'>,
    sign: 1 | -1,
  ): void {
    if (label === null || weight === 0) return;
    const arm = this.armOf(trial);
    this.touched.add(arm);
    const aged = weight * leftAfter(this.asOf.getTime() - trial.startedAt.getTime());
    addTrial(arm.evidence, { logit: inputs[0] as number, phi: inputs.subarray(1) }, label, sign * aged);
  }

  private armOf(trial: Trial): ArmEvidence {
    const { actionId, channelId, outcomeId } = trial;
    const key = keyOf(trial);
    let arm = this.arms.get(key);
    if (!arm) {
      const evidence: Evidence = noEvidence(SIZE);
      this.arms.set(key, (arm = { actionId, channelId, outcomeId, evidence }));
    }
    return arm;
  }

  private noteDelay(trial: Trial): void {
    if (trial.label !== 1 || trial.outcomeAt === null) return;
    const length = trial.closesAt.getTime() - trial.startedAt.getTime();
    const share = length > 0 ? (trial.outcomeAt.getTime() - trial.startedAt.getTime()) / length : 1;
    const known = this.delays.get(trial.outcomeId);
    const counts = STEPS.map((_, step) => known?.[step] ?? 0);
    const step = stepOf(share);
    counts[step] = (counts[step] ?? 0) + 1;
    this.delays.set(trial.outcomeId, counts);
    this.newDelays.set(trial.outcomeId, counts);
  }
}

const NOT_COUNTED: Counted = { model: null, inputs: null, label: null, weight: 0 };

function keyOf({ actionId, channelId }: Pick<ArmKey, 'actionId' | 'channelId'>): string {
  return `${actionId}\u0000${channelId}`;
}
