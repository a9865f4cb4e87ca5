import { DAY, HOUR } from '../../shared/index.js';
import { type FitEffort, fitHead, grown, type HeadRow, learnOne } from './fit-head.js';
import type { InputScales } from './head-inputs.js';
import { type HeadKeys, HeadLayout, type HeadPrior } from './head-layout.js';
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

interface Row extends HeadRow {
  startedAt: number;
  /** Without forgetting. */
  fullWeight: number;
}

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
  private readonly rows = new Map<string, Row>();
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
    const row = rows.get(seen.name) ?? this.rowOf(seen);
    if (!row) return;
    const before = { label: row.label, weight: row.weight };
    row.label = seen.label;
    row.fullWeight = seen.weight;
    row.weight = row.fullWeight * leftAfter(at.getTime() - row.startedAt);
    rows.set(seen.name, row);
    if (!isNews) return;
    this.changed += 1;
    learned.belief = grown(learned.belief, learned.layout);
    if (rows.size >= FEW) learnOne(learned.belief, row, before);
  }

  /** As much of a negative as it is by now; counts with the next fit. */
  reweigh(name: string, weight: number): void {
    const row = this.rows.get(name);
    if (row) row.fullWeight = weight;
  }

  remove(name: string): void {
    if (this.rows.delete(name)) this.changed += 1;
  }

  /** Whether what came since the last fit is more than small steps should carry. */
  needsFit(at: Date): boolean {
    const { rows, changed, fittedAt } = this;
    if (changed === 0) return false;
    const due = at.getTime() - fittedAt.getTime() >= FITTED_EVERY;
    return due || rows.size < FEW || changed >= CHANGED_SHARE * rows.size;
  }

  /** Fits the belief to all trials as they count at that moment; pauses between passes over them. */
  *fit(at: Date): Generator<void, void> {
    const { learned, rows } = this;
    forgetOldest(rows);
    for (const row of rows.values()) row.weight = row.fullWeight * leftAfter(at.getTime() - row.startedAt);
    learned.belief = grown(learned.belief, learned.layout);
    const isNew = rows.size < FEW || rows.size >= (1 + NEARLY) * this.fittedRows;
    if (isNew) this.fittedRows = rows.size;
    yield* fitHead(learned.belief, [...rows.values()], learned.layout, isNew ? TO_THE_MODE : A_LITTLE);
    learned.layout.learnWidths(learned.belief);
    this.changed = 0;
    this.fittedAt = at;
  }

  private rowOf({ inputs, keys, startedAt }: TrialSeen): Row | null {
    const { scales, layout } = this.learned;
    const read = scales.unpack(inputs);
    if (!read) return null;
    const nothing = { label: 0, weight: 0, fullWeight: 0 } as const;
    return { ...read, blocks: layout.blocksOf(keys), startedAt: startedAt.getTime(), ...nothing };
  }
}

function forgetOldest(rows: Map<string, Row>): void {
  if (rows.size <= MOST_ROWS) return;
  const oldest = [...rows].sort(([, a], [, b]) => a.startedAt - b.startedAt).slice(0, rows.size - MOST_ROWS);
  for (const [name] of oldest) rows.delete(name);
}
