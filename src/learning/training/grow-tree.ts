import type { Tree } from './forest.js';

/** Inputs of rows as small numbers: 0 unknown, then in order. */
export interface CodedInput {
  codes: Uint8Array;
  /** Above every code. */
  size: number;
}

export interface TreeSettings {
  /** At most so many leaves a tree. */
  leaves: number;
  /** Share of the best step that a tree takes. */
  rate: number;
  /** Added to the curvature of each leaf: ½ λ value² as a penalty. */
  penalty: number;
  /** Each leaf has at least so many rows. */
  leastRows: number;
}

/** First and second derivative of the loss by the logit, by row. */
export interface Slopes {
  gradient: Float64Array;
  curvature: Float64Array;
}

interface Split {
  input: number;
  cut: number;
  unknownLeft: boolean;
  gain: number;
}

interface Node {
  rows: Int32Array;
  gradient: number;
  curvature: number;
  split: Split | null;
}

const LEAF = -1;
/** No place of a histogram. */
const NONE = -1;
const LEAST_GAIN = 1e-6;
const DIGITS = 6;

/**
 * One tree by second-order boosting on histograms, the leaf that gains most split first (Chen & Guestrin, 2016; Ke et
 * al., 2017). `inputs`: places in `coded` that it may read.
 */
export function growTree(
  coded: readonly CodedInput[],
  inputs: readonly number[],
  rows: Int32Array,
  slopes: Slopes,
  settings: TreeSettings,
): Tree {
  const tree: Tree = { input: [], cut: [], unknownLeft: [], left: [], right: [], value: [] };
  const open = new Map<number, Node>();
  const add = (part: Int32Array): number => {
    const node = nodeOf(part, slopes);
    node.split = bestSplit(coded, inputs, node, slopes, settings);
    const place = tree.value.length;
    const value = (-settings.rate * node.gradient) / (node.curvature + settings.penalty);
    tree.value.push(Number(value.toPrecision(DIGITS)));
    for (const list of [tree.input, tree.cut, tree.left, tree.right]) list.push(LEAF);
    tree.unknownLeft.push(0);
    if (node.split) open.set(place, node);
    return place;
  };
  add(rows);
  for (let leaves = 1; leaves < settings.leaves && open.size > 0; leaves += 1) {
    const [place, node] = mostGain(open);
    const split = node.split as Split;
    const { codes } = coded[split.input] as CodedInput;
    const goesLeft = (row: number): boolean => {
      const code = codes[row] as number;
      return code === 0 ? split.unknownLeft : code <= split.cut;
    };
    open.delete(place);
    tree.input[place] = split.input;
    tree.cut[place] = split.cut;
    tree.unknownLeft[place] = split.unknownLeft ? 1 : 0;
    tree.left[place] = add(node.rows.filter(goesLeft));
    tree.right[place] = add(node.rows.filter((row) => !goesLeft(row)));
  }
  return tree;
}

function nodeOf(rows: Int32Array, { gradient, curvature }: Slopes): Node {
  const node: Node = { rows, gradient: 0, curvature: 0, split: null };
  for (const row of rows) {
    node.gradient += gradient[row] as number;
    node.curvature += curvature[row] as number;
  }
  return node;
}

function mostGain(open: ReadonlyMap<number, Node>): [place: number, node: Node] {
  return [...open].reduce((best, entry) =>
    (entry[1].split?.gain ?? 0) > (best[1].split?.gain ?? 0) ? entry : best,
  );
}

function bestSplit(
  coded: readonly CodedInput[],
  inputs: readonly number[],
  node: Node,
  slopes: Slopes,
  settings: TreeSettings,
): Split | null {
  if (node.rows.length < 2 * settings.leastRows) return null;
  let best: Split | null = null;
  for (const input of inputs) {
    const sums = histogram(coded[input] as CodedInput, node.rows, slopes);
    for (const unknownLeft of (sums.rows[0] as number) > 0 ? [true, false] : [true]) {
      const found = bestCut(sums, node, unknownLeft, settings);
      if (found && found.gain > (best?.gain ?? LEAST_GAIN)) best = { input, unknownLeft, ...found };
    }
  }
  return best;
}

interface Histogram {
  gradient: Float64Array;
  curvature: Float64Array;
  rows: Int32Array;
}

function histogram({ codes, size }: CodedInput, rows: Int32Array, slopes: Slopes): Histogram {
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size);
  const counts = new Int32Array(size);
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    const code = codes[row] as number;
    gradient[code] = (gradient[code] as number) + (slopes.gradient[row] as number);
    curvature[code] = (curvature[code] as number) + (slopes.curvature[row] as number);
    counts[code] = (counts[code] as number) + 1;
  }
  return { gradient, curvature, rows: counts };
}

function bestCut(
  sums: Histogram,
  node: Node,
  unknownLeft: boolean,
  { penalty, leastRows }: TreeSettings,
): { cut: number; gain: number } | null {
  const score = (gradient: number, curvature: number) => (gradient * gradient) / (curvature + penalty);
  const whole = score(node.gradient, node.curvature);
  const from = unknownLeft ? 0 : NONE;
  let gradient = sums.gradient[from] ?? 0;
  let curvature = sums.curvature[from] ?? 0;
  let rows = sums.rows[from] ?? 0;
  let best: { cut: number; gain: number } | null = null;
  for (let code = 1; code < sums.rows.length - 1; code += 1) {
    gradient += sums.gradient[code] as number;
    curvature += sums.curvature[code] as number;
    rows += sums.rows[code] as number;
    if (sums.rows[code] === 0 || rows < leastRows || node.rows.length - rows < leastRows) continue;
    const others = score(node.gradient - gradient, node.curvature - curvature);
    const gain = score(gradient, curvature) + others - whole;
    if (gain > (best?.gain ?? 0)) best = { cut: code, gain };
  }
  return best;
}
