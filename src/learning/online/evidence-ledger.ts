import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FeatureDefinition } from '../../features/index.js';
import type { Counted, KeptTrial, Trial } from '../../outcomes/index.js';
import type { InputSchema } from '../../recommender/index.js';
import { InputScales } from './head-inputs.js';
import type { HeadKeys, HeadPrior } from './head-layout.js';
import { packHead, unpackOutcomes } from './online-head.js';
import { type Delays, negativeWeight, nextStep } from './open-windows.js';
import { OutcomeDelays } from './outcome-delays.js';
import { leftAfter, OutcomeLearning } from './outcome-learning.js';

/** Reads what was logged of a trial; null where it was not. */
export type InputsOf = (trial: Trial) => Float32Array | null;
/** What the catalogue says of a trial's action; null where it is gone. */
export type KeysOf = (trial: Pick<Trial, 'actionId' | 'channelId' | 'productId'>) => HeadKeys | null;

/** Sums of one action on one channel, as they stand at the moment of the head. */
export interface ArmEvidence {
  actionId: string;
  channelId: string;
  outcomeId: string;
  weight: number;
  positives: number;
}

/**
 * What a model's suggestions have come to, while the learner works: each trial is in it once, as what is known of it now.
 * A trial counts by its age. Few changes move the belief at once; many, or an hour, have it fitted to all trials anew.
 */
export class EvidenceLedger {
  private readonly arms = new Map<string, ArmEvidence>();
  private readonly touched = new Set<ArmEvidence>();
  private readonly learning = new Map<string, OutcomeLearning>();
  private readonly delays: OutcomeDelays;
  private asOf: Date;

  constructor(
    readonly model: string,
    private readonly reading: {
      schema: InputSchema;
      definitions: readonly FeatureDefinition[];
      keysOf: KeysOf;
    },
    /** `trainedUntil`: trials that began up to then are in the model itself; null: none is. */
    readonly training: { prior: HeadPrior; trainedUntil: Date | null },
    stored: {
      asOf: Date;
      arms: readonly ArmEvidence[];
      delays: ReadonlyMap<string, Delays>;
      head: Buffer | null;
    },
  ) {
    this.asOf = stored.asOf;
    for (const arm of stored.arms) this.arms.set(keyOf(arm), arm);
    this.delays = new OutcomeDelays(stored.delays);
    this.delays.moveTo(stored.asOf);
    const { schema, definitions } = reading;
    for (const learned of stored.head ? unpackOutcomes(stored.head, schema, definitions) : [])
      this.learning.set(learned.outcomeId, new OutcomeLearning(learned));
  }

  /** Forgets up to that moment. */
  moveTo(at: Date): void {
    const factor = leftAfter(at.getTime() - this.asOf.getTime());
    for (const arm of this.arms.values()) {
      arm.weight *= factor;
      arm.positives *= factor;
    }
    this.asOf = at;
    this.delays.moveTo(at);
  }

  /** A trial that was counted before this ledger was made: its row, and nothing else. */
  remember({ trial, counted }: KeptTrial): void {
    if (counted.model !== this.model || !counted.inputs) return;
    if (trial.closesAt > this.asOf) this.delays.noteOpen(nameOf(trial), trial);
    this.put(trial, counted.inputs, counted, null);
  }

  /** Counts a trial as what is known of it now, and says when it is to be looked at next. */
  count({ trial, counted, nextAt }: KeptTrial, inputsOf: InputsOf): KeptTrial {
    const at = this.asOf;
    const closed = trial.closesAt <= at;
    if (closed && nextAt !== null) this.delays.noteClosed(trial);
    if (closed) this.delays.forget(nameOf(trial));
    else this.delays.noteOpen(nameOf(trial), trial);
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
      this.add(trial, before, -1);
      this.add(trial, now, 1);
      this.put(trial, inputs, now, before);
    }
    return { trial, counted: { model: this.model, inputs, ...now }, nextAt: next };
  }

  /** Takes a trial out that turned out to be none. */
  discount({ trial, counted }: KeptTrial): void {
    this.delays.forget(nameOf(trial));
    if (counted.model !== this.model || !counted.inputs) return;
    this.add(trial, counted, -1);
    const learning = this.learning.get(trial.outcomeId);
    learning?.remove(nameOf(trial));
  }

  get changed(): readonly ArmEvidence[] {
    return [...this.touched];
  }

  get all(): readonly ArmEvidence[] {
    return [...this.arms.values()];
  }

  get changedDelays(): ReadonlyMap<string, Delays> {
    return this.delays.changed;
  }

  /** Whether what was learned since the last fit is more than small steps should carry. */
  needsFit(at: Date): boolean {
    return [...this.learning.values()].some((learning) => learning.needsFit(at));
  }

  /** Fits the belief to all trials as they count now. Other work of the process has its turn meanwhile. */
  async fit(): Promise<void> {
    for (const [name, trial] of this.delays.openTrials)
      if (trial.label === null)
        this.learning.get(trial.outcomeId)?.reweigh(name, this.targetOf(trial).weight);
    for (const learning of this.learning.values()) {
      const fitting = learning.fit(this.asOf);
      while (!fitting.next().done) await nextTurn();
    }
  }

  /** The head that follows. */
  head(): Buffer {
    return packHead(
      this.reading.schema,
      [...this.learning.values()].map(({ learned }) => learned),
    );
  }

  /** What changed has been written. */
  written(): void {
    this.touched.clear();
    this.delays.written();
  }

  private targetOf(trial: Trial): Pick<Counted, 'label' | 'weight'> {
    if (trial.label !== null) return { label: trial.label, weight: 1 };
    return { label: 0, weight: negativeWeight(trial.propensity, this.delays.arrived(trial)) };
  }

  private put(
    trial: Trial,
    inputs: Float32Array,
    { label, weight }: Pick<Counted, 'label' | 'weight'>,
    before: Counted | null,
  ): void {
    const keys = this.reading.keysOf(trial);
    if (!keys) return;
    const known = { label: label ?? 0, weight: label === null ? 0 : weight };
    const row = { name: nameOf(trial), inputs, keys, startedAt: trial.startedAt, ...known };
    this.learningOf(trial.outcomeId).put(row, this.asOf, before !== null);
  }

  private learningOf(outcomeId: string): OutcomeLearning {
    let learning = this.learning.get(outcomeId);
    if (!learning) {
      const { schema, definitions } = this.reading;
      const scales = new InputScales(schema, definitions, []);
      learning = OutcomeLearning.begin(outcomeId, scales, this.training.prior);
      this.learning.set(outcomeId, learning);
    }
    return learning;
  }

  private add(trial: Trial, { label, weight }: Pick<Counted, 'label' | 'weight'>, sign: 1 | -1): void {
    if (label === null || weight === 0) return;
    const arm = this.armOf(trial);
    this.touched.add(arm);
    const aged = sign * weight * leftAfter(this.asOf.getTime() - trial.startedAt.getTime());
    arm.weight += aged;
    arm.positives += aged * label;
  }

  private armOf(trial: Trial): ArmEvidence {
    const { actionId, channelId, outcomeId } = trial;
    const key = keyOf(trial);
    let arm = this.arms.get(key);
    if (!arm) this.arms.set(key, (arm = { actionId, channelId, outcomeId, weight: 0, positives: 0 }));
    return arm;
  }
}

const NOT_COUNTED: Counted = { model: null, inputs: null, label: null, weight: 0 };

function keyOf({ actionId, channelId }: Pick<ArmEvidence, 'actionId' | 'channelId'>): string {
  return `${actionId}\u0000${channelId}`;
}

function nameOf({ accountId, trialId }: Trial): string {
  return `${accountId}\u0000${trialId}`;
}
