import type { AccountInputs } from '../../recommender/index.js';

/**
 * How a forest reads one input of the account: a number by how many cuts lie below it, a category by its place in an
 * order, both from 1. 0: unknown, or a category too rare to have a place.
 */
export type ForestInput = { name: string; place: number } & (
  { kind: 'number'; cuts: number[] } | { kind: 'category'; values: string[] }
);

/** Node by node, the root first; a node without input (−1) is a leaf. */
export interface Tree {
  /** Place in the forest's inputs. */
  input: number[];
  /** Codes up to this go left. */
  cut: number[];
  /** 1: what is unknown goes left. */
  unknownLeft: number[];
  left: number[];
  right: number[];
  /** What the node adds to the logit; of an inner node: what it would add as a leaf. */
  value: number[];
}

/** Boosted trees over the account's inputs: what they add to the logit of one head, whatever the candidate. */
export interface Forest {
  inputs: ForestInput[];
  trees: Tree[];
}

const LEAF = -1;

export function numberPlace(cuts: readonly number[], value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (cuts[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return 1 + low;
}

/** Codes of an account's inputs, one an input of the forest. */
export function forestCodes({ inputs }: Forest, { numbers, categories }: AccountInputs): Uint8Array {
  return Uint8Array.from(inputs, (input) => {
    if (input.kind === 'number') return numberPlace(input.cuts, numbers[input.place] ?? NaN);
    const value = categories[input.place] ?? null;
    return value === null ? 0 : 1 + input.values.indexOf(value);
  });
}

/** The node that follows an inner one. */
function nextNode(tree: Tree, node: number, code: number): number {
  const left = code === 0 ? tree.unknownLeft[node] === 1 : code <= (tree.cut[node] as number);
  return (left ? tree.left[node] : tree.right[node]) as number;
}

/** What a tree adds for codes as `codeOf` gives them by input. */
export function treeValue(tree: Tree, codeOf: (input: number) => number): number {
  let node = 0;
  for (let input = tree.input[0] as number; input !== LEAF; input = tree.input[node] as number)
    node = nextNode(tree, node, codeOf(input));
  return tree.value[node] as number;
}

/** What a forest adds to the logit of an account. */
export function forestValue(forest: Forest, account: AccountInputs): number {
  if (forest.trees.length === 0) return 0;
  const codes = forestCodes(forest, account);
  const codeOf = (input: number) => codes[input] as number;
  return forest.trees.reduce((sum, tree) => sum + treeValue(tree, codeOf), 0);
}

/**
 * What each input of the forest adds on the way from the roots to the leaves (Saabas, 2014); together: the forest's
 * value less that of its roots.
 */
export function forestContributions(forest: Forest, account: AccountInputs): Float64Array {
  const codes = forestCodes(forest, account);
  const added = new Float64Array(forest.inputs.length);
  for (const tree of forest.trees) {
    let node = 0;
    for (let input = tree.input[0] as number; input !== LEAF; input = tree.input[node] as number) {
      const next = nextNode(tree, node, codes[input] as number);
      added[input] = (added[input] as number) + (tree.value[next] as number) - (tree.value[node] as number);
      node = next;
    }
  }
  return added;
}

/** Several forests as one that adds their mean. */
export function joinForests(forests: readonly Forest[]): Forest {
  const [first] = forests;
  if (!first) throw new Error('There must be a forest');
  const share = (value: number) => value / forests.length;
  const trees = forests.flatMap((forest) =>
    forest.trees.map((tree) => ({ ...tree, value: tree.value.map(share) })),
  );
  return { inputs: first.inputs, trees };
}
