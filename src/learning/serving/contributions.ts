import type { AccountInputs, CandidateInputs, Contribution } from '../../recommender/index.js';
import { forestContributions, type ForestInput } from '../training/forest.js';
import type { AccountSide, CandidateSide, CompiledNetwork } from './compiled-network.js';
import { addNumber, type NumberTable } from './lookup.js';

/**
 * What each input adds to the logit of one candidate, largest first by absolute weight. An account's number is compared
 * with its mean in training, a category and the account's history with the candidate with "unknown", a property of the
 * candidate with its absence; what trees say of an input, with the mean of the rows at each of its splits. Exact for
 * the wide part, hence for a linear model; through the towers it is gradient × difference of the encoded input (first
 * order). The candidate's properties are told by their wide part.
 */
export function contributionsOf(
  network: CompiledNetwork,
  account: AccountInputs,
  side: CandidateSide,
  candidate: CandidateInputs,
): Contribution[] {
  const accountSide = network.accountSide(account);
  const slopes = slopesOf(network, accountSide, side, candidate);
  return [
    ...withForest(accountContributions(network, account, slopes.account), network, account, side.head),
    ...crossContributions(network, candidate, slopes.joint),
    ...candidateContributions(network, side),
  ]
    .filter(({ weight }) => weight !== 0)
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
}

interface Slopes {
  /** Of the logit by each unit that reads the account: tower, then the heads' wide part. */
  account: Float64Array;
  /** Of the logit by each unit that reads the crosses: joint layer, then the heads' wide part. */
  joint: Float64Array;
}

function slopesOf(
  network: CompiledNetwork,
  account: AccountSide,
  side: CandidateSide,
  candidate: CandidateInputs,
): Slopes {
  const { weights, architecture } = network.artefact;
  const { tower, embedding, joint, product } = architecture;
  const slopes = {
    account: new Float64Array(tower + network.heads),
    joint: new Float64Array(joint + network.heads),
  };
  slopes.account[tower + side.head] = 1;
  slopes.joint[joint + side.head] = 1;
  const sums = new Float64Array(joint + network.heads);
  network.jointSums(account, side, candidate.crosses, sums);
  for (let unit = 0; unit < joint; unit += 1) {
    if ((sums[unit] ?? 0) > 0) slopes.joint[unit] = network.headWeights[side.head]?.[unit] ?? 0;
  }
  const ofEmbedding = new Float64Array(embedding);
  for (let unit = 0; unit < embedding; unit += 1) {
    if ((account.embedding[unit] ?? 0) <= 0) continue;
    ofEmbedding[unit] =
      rowProduct(weights.jointAccount, unit, joint, slopes.joint) +
      rowProduct(weights.productAccount, unit, product, side.product);
  }
  for (let unit = 0; unit < tower; unit += 1) {
    if ((account.tower[unit] ?? 0) > 0)
      slopes.account[unit] = rowProduct(weights.embedding, unit, embedding, ofEmbedding);
  }
  return slopes;
}

type Numbers = Float32Array | Float64Array;

function rowProduct(matrix: Numbers, row: number, columns: number, vector: Numbers): number {
  let sum = 0;
  for (let column = 0; column < columns; column += 1)
    sum += (matrix[row * columns + column] ?? 0) * (vector[column] ?? 0);
  return sum;
}

function accountContributions(
  network: CompiledNetwork,
  account: AccountInputs,
  slopes: Float64Array,
): Contribution[] {
  const { encoder, weights } = network.artefact;
  const numbers = encoder.numbers.flatMap((code, index): Contribution[] => {
    const value = account.numbers[index] ?? NaN;
    const table = network.numbers[index];
    if (Number.isNaN(value) || !table) return [];
    const difference = new Float64Array(slopes.length);
    addNumber(table, value, slopes.length, difference);
    addNumber(table, code.mean, slopes.length, difference, -1);
    return [{ input: code.name, value, weight: rowProduct(difference, 0, slopes.length, slopes) }];
  });
  const categories = encoder.categories.flatMap((code, index): Contribution[] => {
    const value = account.categories[index] ?? null;
    const row = network.categoryRow(index, value);
    if (row < 0) return [];
    return [
      {
        input: `${code.name}=${value}`,
        value: 1,
        weight: rowProduct(weights.account, row, slopes.length, slopes),
      },
    ];
  });
  return [...numbers, ...categories];
}

/** Adds what the trees of the head say of each known input to what the rest of the model says of it. */
function withForest(
  told: Contribution[],
  { artefact }: CompiledNetwork,
  account: AccountInputs,
  head: number,
): Contribution[] {
  const forest = artefact.forests?.[head];
  if (!forest) return told;
  const byInput = new Map(told.map((contribution) => [contribution.input, contribution]));
  forestContributions(forest, account).forEach((weight, index) => {
    const { kind, name, place } = forest.inputs[index] as ForestInput;
    const number = account.numbers[place] ?? NaN;
    const category = account.categories[place] ?? null;
    if (kind === 'number' ? Number.isNaN(number) : category === null) return;
    const input = kind === 'number' ? name : `${name}=${category}`;
    const other = byInput.get(input)?.weight ?? 0;
    byInput.set(input, { input, value: kind === 'number' ? number : 1, weight: weight + other });
  });
  return [...byInput.values()];
}

function crossContributions(
  network: CompiledNetwork,
  candidate: CandidateInputs,
  slopes: Float64Array,
): Contribution[] {
  return network.artefact.encoder.crosses.flatMap((code, index): Contribution[] => {
    const value = candidate.crosses[index] ?? NaN;
    const table: NumberTable | undefined = network.crosses[index];
    if (Number.isNaN(value) || !table) return [];
    const added = new Float64Array(slopes.length);
    addNumber(table, value, slopes.length, added);
    return [{ input: code.name, value, weight: rowProduct(added, 0, slopes.length, slopes) }];
  });
}

function candidateContributions(network: CompiledNetwork, side: CandidateSide): Contribution[] {
  const { weights, architecture } = network.artefact;
  const width = architecture.candidateTower + network.heads;
  return side.columns.map(({ column, name }) => ({
    input: name,
    value: 1,
    weight: weights.candidate[column * width + architecture.candidateTower + side.head] ?? 0,
  }));
}
