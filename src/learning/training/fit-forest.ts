import { type Rng, seededRng } from '../../shared/index.js';
import type { Dataset } from '../dataset/dataset.js';
import { sigmoid } from './calibration.js';
import { knownValues } from './encoder.js';
import { type Forest, type ForestInput, numberPlace, type Tree, treeValue } from './forest.js';
import { type CodedInput, growTree, type TreeSettings } from './grow-tree.js';
import { observedRows } from './judging.js';

export interface ForestSettings extends TreeSettings {
  /** At most so many trees a head. */
  trees: number;
  /** Trees without a better validation after which to stop. */
  patience: number;
  /** Shares of the rows and of the inputs that each tree sees, drawn anew for each. */
  rowShare: number;
  inputShare: number;
}

export interface ForestTask {
  dataset: Dataset;
  rows: Int32Array;
  /** Rows to stop by; null: all trees are grown. */
  heldOut: Int32Array | null;
  forest: ForestSettings;
  /** Trees of each head; null: as many as the settings say. */
  trees: readonly number[] | null;
  /** Inputs that are not read. */
  omit: ReadonlySet<string>;
  seed: string;
}

/** A code is a byte, and 0 is taken. */
const MOST_CODES = 254;
/** Rows at the base rate that the mean of a category is drawn to before categories are put in order. */
const CATEGORY_STRENGTH = 20;

/**
 * Boosts what the account's inputs say beyond the logits given (rows × heads, of the rows to learn from and of those to
 * stop by), one forest a head.
 */
export function fitForests(
  task: ForestTask,
  logits: { learned: Float32Array; heldOut: Float32Array | null },
): Forest[] {
  const { dataset, rows, heldOut } = task;
  return dataset.heads.map((_, head) => {
    const learned = observedRows(dataset, rows, head, logits.learned);
    const stopping = heldOut && observedRows(dataset, heldOut, head, logits.heldOut ?? undefined);
    const inputs = inputsOf(task, learned);
    const all = stopping ? Int32Array.from([...learned.rows, ...stopping.rows]) : learned.rows;
    const trees = boost({
      coded: inputs.map((input) => codedInput(dataset, input, all)),
      labels: Float32Array.from([...learned.labels, ...(stopping?.labels ?? [])]),
      logits: Float64Array.from([...learned.values, ...(stopping?.values ?? [])]),
      learned: learned.rows.length,
      settings: { ...task.forest, trees: task.trees?.[head] ?? task.forest.trees },
      rng: seededRng(`${task.seed}:forest ${head}`),
    });
    return { inputs, trees };
  });
}

interface Boosting {
  coded: CodedInput[];
  labels: Float32Array;
  /** Change as trees are added. */
  logits: Float64Array;
  /** The first so many rows are learned from, the others stop it. */
  learned: number;
  settings: ForestSettings;
  rng: Rng;
}

function boost({ coded, labels, logits, learned, settings, rng }: Boosting): Tree[] {
  const slopes = { gradient: new Float64Array(learned), curvature: new Float64Array(learned) };
  const rows = Int32Array.from({ length: learned }, (_, row) => row);
  const trees: Tree[] = [];
  let best = { loss: lossAfter(labels, logits, learned), trees: 0 };
  while (trees.length < settings.trees) {
    for (let row = 0; row < learned; row += 1) {
      const p = sigmoid(logits[row] as number);
      slopes.gradient[row] = p - (labels[row] as number);
      slopes.curvature[row] = p * (1 - p);
    }
    const seen = rows.filter(() => rng.next() < settings.rowShare);
    const inputs = [...coded.keys()].filter(() => rng.next() < settings.inputShare);
    const tree = growTree(coded, inputs, seen, slopes, settings);
    trees.push(tree);
    for (let row = 0; row < logits.length; row += 1)
      logits[row] = (logits[row] as number) + treeValue(tree, (input) => codeAt(coded, input, row));
    if (logits.length === learned) continue;
    const loss = lossAfter(labels, logits, learned);
    if (loss < best.loss) best = { loss, trees: trees.length };
    else if (trees.length - best.trees >= settings.patience) break;
  }
  return logits.length === learned ? trees : trees.slice(0, best.trees);
}

const codeAt = (coded: readonly CodedInput[], input: number, row: number): number =>
  coded[input]?.codes[row] ?? 0;

/** Sum of the log-loss of the rows from `first` on. */
function lossAfter(labels: Float32Array, logits: Float64Array, first: number): number {
  let loss = 0;
  for (let row = first; row < logits.length; row += 1) {
    const logit = logits[row] as number;
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * (labels[row] as number);
  }
  return loss;
}

/** The account's inputs that are read: numbers cut between their values, categories in the order of their mean outcome. */
function inputsOf(
  { dataset, omit, forest }: ForestTask,
  learned: { rows: Int32Array; labels: Float32Array },
): ForestInput[] {
  const { schema } = dataset;
  const numbers = schema.numbers.flatMap((name, place): ForestInput[] => {
    if (omit.has(name)) return [];
    const cuts = cutsOf(knownValues(dataset.numbers, schema.numbers.length, place, learned.rows));
    return cuts.length === 0 ? [] : [{ name, place, kind: 'number', cuts }];
  });
  const categories = schema.categories.flatMap((name, place): ForestInput[] => {
    if (omit.has(name)) return [];
    const values = inOrder(dataset, place, learned, forest.leastRows);
    return values.length === 0 ? [] : [{ name, place, kind: 'category', values }];
  });
  return [...numbers, ...categories];
}

/** Between neighbours where there are few different values, else quantiles. */
function cutsOf(sorted: Float64Array): number[] {
  const different = [...new Set(sorted)];
  const most = MOST_CODES - 1;
  if (different.length <= most + 1)
    return different.slice(1).map((value, place) => (value + (different[place] as number)) / 2);
  const quantiles = Array.from(
    { length: most },
    (_, place) => sorted[Math.floor(((place + 1) / (most + 1)) * sorted.length)] as number,
  );
  return [...new Set(quantiles)];
}

/** Values with enough rows, those of the lowest mean outcome first. */
function inOrder(
  dataset: Dataset,
  place: number,
  { rows, labels }: { rows: Int32Array; labels: Float32Array },
  leastRows: number,
): string[] {
  const values = dataset.categoryValues[place] ?? [];
  const counts = new Float64Array(values.length);
  const positives = new Float64Array(values.length);
  rows.forEach((row, index) => {
    const code = dataset.categories[row * dataset.schema.categories.length + place] ?? -1;
    if (code < 0) return;
    counts[code] = (counts[code] ?? 0) + 1;
    positives[code] = (positives[code] ?? 0) + (labels[index] ?? 0);
  });
  const base = labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
  const mean = (code: number) =>
    ((positives[code] ?? 0) + CATEGORY_STRENGTH * base) / ((counts[code] ?? 0) + CATEGORY_STRENGTH);
  return [...values.keys()]
    .filter((code) => (counts[code] ?? 0) >= leastRows)
    .sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0))
    .slice(0, MOST_CODES)
    .sort((one, other) => mean(one) - mean(other))
    .map((code) => values[code] as string);
}

function codedInput(dataset: Dataset, input: ForestInput, rows: Int32Array): CodedInput {
  const { schema } = dataset;
  if (input.kind === 'number') {
    const width = schema.numbers.length;
    const codeOf = (row: number) =>
      numberPlace(input.cuts, dataset.numbers[row * width + input.place] ?? NaN);
    return { codes: Uint8Array.from(rows, codeOf), size: input.cuts.length + 2 };
  }
  const width = schema.categories.length;
  const known = dataset.categoryValues[input.place] ?? [];
  const places = known.map((value) => 1 + input.values.indexOf(value));
  const codeOf = (row: number) => places[dataset.categories[row * width + input.place] ?? -1] ?? 0;
  return { codes: Uint8Array.from(rows, codeOf), size: input.values.length + 1 };
}

/** Adds what the forests say of each row to its logits, rows × heads. */
export function addForests(
  forests: readonly Forest[],
  dataset: Dataset,
  rows: Int32Array,
  logits: Float32Array,
): void {
  forests.forEach(({ inputs, trees }, head) => {
    const coded = inputs.map((input) => codedInput(dataset, input, rows));
    for (let row = 0; row < rows.length; row += 1) {
      const place = row * forests.length + head;
      for (const tree of trees)
        logits[place] = (logits[place] as number) + treeValue(tree, (input) => codeAt(coded, input, row));
    }
  });
}
