import { DAY, HOUR } from '../../shared/index.js';
import { type FitEffort, fitHead, grown, learnOne } from './fit-head.js';
import type { InputScales } from './head-inputs.js';
import { type HeadKeys, HeadLayout, type HeadPrior } from './head-layout.js';
import { HeadRows } from './head-rows.js';
import type { LearnedOutcome } from './online-head.js';

/** After so many days an outcome counts half. */
const HALF_LIFE_DAYS = 90;

/** What is left of an outcome's weight after some milliseconds. */
export function leftAfter(milliseconds: number): number {
  return 2 ** (-milliseconds / (HALF_LIFE_DAYS * DAY));
}

/** How much of the past is worth reading again: what is older weighs less than a quarter. */
export const REMEMBERED_DAYS = 2 * HALF_LIFE_DAYS;

/** Trials that are learned from at most; beyond, the oldest are forgotten first. */
const MOST_ROWS = 100_000;
/** With fewer trials everything is fitted at every look; with more, once an hour or when so many have changed. */
const FEW = 2000;
const CHANGED_SHARE = 0.05;
const FITTED_EVERY = HOUR;
/** To the mode; and where the trials are nearly those of the last such fit, a little from where the last one ended. */
const TO_THE_MODE: FitEffort = { steps: 4, directions: 12 };
const A_LITTLE: FitEffort = { steps: 1, directions: 6 };
/** Share of trials that may come before a fit to the mode is due again. */
const NEARLY = 0.2;

/** What is known of a trial now. */
export interface TrialSeen {
  name: string;
  /** As `InputScales` packed them. */
  inputs: Float32Array;
  keys: HeadKeys;
  startedAt: Date;
  label: 0 | 1;
  weight: number;
}

/** Learning of one outcome: the trials that count, and the belief that follows from them. */
export class OutcomeLearning {
  private readonly rows = new HeadRows();
  /** Since the last fit. */
  private changed = 0;
  private fittedAt = new Date(0);
  /** Trials at the last fit with all steps. */
  private fittedRows = 0;

  constructor(readonly learned: LearnedOutcome) {}

  static begin(outcomeId: string, scales: InputScales, prior: HeadPrior): OutcomeLearning {
    const layout = new HeadLayout(scales.sizes, prior);
    return new OutcomeLearning({ outcomeId, prior, layout, scales, belief: grown(null, layout) });
  }

  /** `isNews`: not in the belief yet. Many trials: the belief moves at once, in a small step. */
  put(seen: TrialSeen, at: Date, isNews: boolean): void {
    const { learned, rows } = this;
    const index = rows.find(seen.name) ?? this.added(seen);
    if (index === null) return;
    const before = { label: rows.label[index] as number, weight: rows.weight[index] as number };
    rows.label[index] = seen.label;
    rows.fullWeight[index] = seen.weight;
    rows.weight[index] = seen.weight * leftAfter(at.getTime() - seen.startedAt.getTime());
    if (!isNews) return;
    this.changed += 1;
    learned.belief = grown(learned.belief, learned.layout);
    if (rows.size >= FEW) learnOne(learned.belief, rows, index, before);
  }

  /** As much of a negative as it is by now; counts with the next fit. */
  reweigh(name: string, weight: number): void {
    const index = this.rows.find(name);
    if (index !== undefined) this.rows.fullWeight[index] = weight;
  }

  remove(name: string): void {
    if (this.rows.remove(name)) this.changed += 1;
  }

  /** Whether what came since the last fit is more than small steps should carry. */
  needsFit(at: Date): boolean {
    const { rows, changed, fittedAt } = this;
    if (changed === 0) return false;
    const due = at.getTime() - fittedAt.getTime() >= FITTED_EVERY;
    return due || rows.size < FEW || changed >= CHANGED_SHARE * rows.size;
  }

  /** Fits the belief to all trials as they count at that moment; pauses every few thousand of them. */
  *fit(at: Date): Generator<void, void> {
    const { learned, rows } = this;
    rows.keepNewest(MOST_ROWS);
    rows.compact();
    for (let index = 0; index < rows.count; index += 1)
      rows.weight[index] =
        (rows.fullWeight[index] as number) * leftAfter(at.getTime() - (rows.startedAt[index] as number));
    learned.belief = grown(learned.belief, learned.layout);
    const isNew = rows.size < FEW || rows.size >= (1 + NEARLY) * this.fittedRows;
    if (isNew) this.fittedRows = rows.size;
    yield* fitHead(learned.belief, rows, learned.layout, isNew ? TO_THE_MODE : A_LITTLE);
    learned.layout.learnWidths(learned.belief);
    this.changed = 0;
    this.fittedAt = at;
  }

  /** Null where it was packed for other inputs. */
  private added({ name, inputs, keys, startedAt }: TrialSeen): number | null {
    const { scales, layout } = this.learned;
    const read = scales.unpack(inputs);
    if (!read) return null;
    const hours = read.hour === null ? [] : layout.hoursOf(keys.channelId, read.hour);
    return this.rows.add(name, { ...read, blocks: layout.blocksOf(keys), hours }, startedAt.getTime());
  }
}
