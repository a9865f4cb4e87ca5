/** One measure of ours beside others on the same rows. */
export interface Figure {
  what: string;
  ours: number | null;
  /** AUC: higher; log-loss: lower. */
  better: 'higher' | 'lower';
  /** Rows or accounts that it was measured on. */
  on: number;
  /** 95 % interval of ours. */
  interval?: Interval;
  references: Reference[];
}

export interface Interval {
  low: number | null;
  high: number | null;
}

export interface Reference {
  name: string;
  value: number | null;
  /** Published with the data sets, or computed in this run on the same rows. */
  from: 'DATA.md' | 'this run';
  /** 95 % interval of the paired difference, ours minus this one. */
  difference?: Interval;
}

/** How far ours is ahead (above 0) or behind (below 0); null where one of the two is unknown. */
export function ahead({ ours, better }: Figure, { value }: Reference): number | null {
  if (ours === null || value === null) return null;
  return better === 'higher' ? ours - value : value - ours;
}

export interface Result {
  what: string;
  measuredAt: string;
  seconds: number;
  machine: Record<string, string | number>;
  versions: Record<string, string>;
  commands: unknown[];
  importing: Record<string, unknown>;
  split: Record<string, unknown>;
  training: Record<string, unknown> | null;
  figures: Figure[];
  rescoring: Record<string, unknown> | null;
  /** What a reader must know to judge the figures. */
  notes: string[];
}

/** What a data set's run finds out; the rest of `Result` is the same for all. */
export type Findings = Omit<
  Result,
  'what' | 'measuredAt' | 'seconds' | 'machine' | 'versions' | 'commands'
>;

export function published(name: string, value: number): Reference {
  return { name, value, from: 'DATA.md' };
}

export function measured(name: string, value: number | null): Reference {
  return { name, value, from: 'this run' };
}
