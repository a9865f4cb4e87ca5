/** One account's choice: candidates by rows of signals, and which of them were bought. */
export interface Choice {
  /** Row by row, as wide as there are signals. */
  signals: Float32Array;
  /** Logarithm of how many items each row stands for: more than 1 where rows were drawn from many. */
  standsFor: Float32Array;
  /** Rows that were bought, at least one. */
  bought: readonly number[];
}

export interface ChoiceSettings {
  /** Weight of the squared distance from the prior weights. */
  ridge: number;
  steps: number;
  rate: number;
}

const FORGETS = { mean: 0.9, square: 0.99 };

/**
 * Weights w of the signals under a conditional logit (McFadden, 1974): of an account's candidates, item i is named with
 * chance pᵢ = exp(w·xᵢ) / Σ exp(w·xⱼ). What is named should be one of those that were bought, whichever; every account
 * weighs the same, however much it bought:
 *   minimise  mean over accounts of −log Σ_bought pᵢ + ridge / 2 · |w − prior|²,
 * by gradient steps of adapted size (Adam: Kingma, Ba, 2015) from the prior. So the weights serve the head of the list,
 * which is what is shown, and not the order of its tail.
 */
export function fitChoice(
  choices: readonly Choice[],
  prior: readonly number[],
  { ridge, steps, rate }: ChoiceSettings,
): Float64Array {
  const weights = Float64Array.from(prior);
  if (choices.length === 0) return weights;
  const mean = new Float64Array(prior.length);
  const square = new Float64Array(prior.length);
  for (let step = 1; step <= steps; step += 1) {
    const slope = new Float64Array(prior.length);
    for (const choice of choices) addSlope(choice, weights, slope);
    for (let place = 0; place < prior.length; place += 1) {
      const away = (weights[place] ?? 0) - (prior[place] ?? 0);
      const own = (slope[place] ?? 0) / choices.length + ridge * away;
      mean[place] = FORGETS.mean * (mean[place] ?? 0) + (1 - FORGETS.mean) * own;
      square[place] = FORGETS.square * (square[place] ?? 0) + (1 - FORGETS.square) * own * own;
      const first = (mean[place] ?? 0) / (1 - FORGETS.mean ** step);
      const second = (square[place] ?? 0) / (1 - FORGETS.square ** step);
      weights[place] = (weights[place] ?? 0) - (rate * first) / (Math.sqrt(second) + 1e-9);
    }
  }
  return weights;
}

function addSlope({ signals, standsFor, bought }: Choice, weights: Float64Array, slope: Float64Array): void {
  const width = weights.length;
  const rows = standsFor.length;
  const odds = new Float64Array(rows);
  let most = -Infinity;
  for (let row = 0; row < rows; row += 1) {
    let sum = standsFor[row] as number;
    for (let at = 0; at < width; at += 1)
      sum += (weights[at] as number) * (signals[row * width + at] as number);
    odds[row] = sum;
    if (sum > most) most = sum;
  }
  let total = 0;
  for (let row = 0; row < rows; row += 1) total += odds[row] = Math.exp((odds[row] as number) - most);
  for (let row = 0; row < rows; row += 1) {
    const share = (odds[row] as number) / total;
    for (let at = 0; at < width; at += 1)
      slope[at] = (slope[at] as number) + share * (signals[row * width + at] as number);
  }
  const right = bought.reduce((sum, row) => sum + (odds[row] as number), 0);
  if (right === 0) return;
  for (const row of bought) {
    const share = (odds[row] as number) / right;
    for (let at = 0; at < width; at += 1)
      slope[at] = (slope[at] as number) - share * (signals[row * width + at] as number);
  }
}
