/**
 * How one number becomes columns: [known, standardised, piece 0, piece 1, …]. Unknown is all zeros. Values are held
 * within [low, high] first. Piece k is clamp((x − knot k) / (knot k+1 − knot k), 0, 1): piecewise-linear encoding on
 * quantiles (Gorishniy et al., 2022). No pieces where a straight line is asked for.
 */
export interface NumberCode {
  name: string;
  low: number;
  high: number;
  mean: number;
  deviation: number;
  /** Ascending; pieces lie between neighbours. Empty: no pieces. */
  knots: number[];
  /** Not read: it was never known in training, or it drifted. It has no columns. */
  omitted?: true;
}

const EXTREME_SHARE = 0.001;
/**
 * A straight line goes on beyond what was seen by this share of its range: later values need not lie where earlier
 * ones did.
 */
const BEYOND = 1;

/** The code of a number that is not read. */
export function omittedCode(name: string): NumberCode {
  return { name, low: 0, high: 0, mean: 0, deviation: 1, knots: [], omitted: true };
}

/** Fits the code of one number to its known values, ascending. */
export function numberCode(name: string, sorted: Float64Array, bins: number): NumberCode {
  if (sorted.length === 0) return omittedCode(name);
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = quantile(EXTREME_SHARE);
  const high = quantile(1 - EXTREME_SHARE);
  const held = sorted.map((value) => Math.min(high, Math.max(low, value)));
  const mean = held.reduce((sum, value) => sum + value, 0) / held.length;
  const variance = held.reduce((sum, value) => sum + (value - mean) ** 2, 0) / held.length;
  const knots = bins > 0 ? knotsOf(held, bins) : [];
  const beyond = bins > 0 ? 0 : BEYOND * (high - low);
  return {
    name,
    low: low - beyond,
    high: high + beyond,
    mean,
    deviation: Math.sqrt(variance) || 1,
    knots: knots.length > 2 ? knots : [],
  };
}

/**
 * All values where there are few; else the quantiles, with those of the rarer values where one value fills several bins
 * (an amount that is mostly zero). Ascending, without repetition.
 */
function knotsOf(sorted: Float64Array, bins: number): number[] {
  const different = [...new Set(sorted)];
  if (different.length <= bins + 1) return different;
  const quantiles = quantilesOf(sorted, bins);
  const often = new Set(quantiles.filter((edge, place) => edge === quantiles[place + 1]));
  if (often.size === 0) return quantiles;
  const others = sorted.filter((value) => !often.has(value));
  const known = new Set(quantiles);
  return [...new Set([...known, ...quantilesOf(others, Math.max(1, bins + 1 - known.size))])].sort(
    (a, b) => a - b,
  );
}

function quantilesOf(sorted: Float64Array, bins: number): number[] {
  return Array.from(
    { length: bins + 1 },
    (_, bin) => sorted[Math.round((bin / bins) * (sorted.length - 1))] ?? 0,
  );
}

const KNOWN_AND_LINE = 2;

export function numberWidth(code: NumberCode): number {
  return code.omitted ? 0 : KNOWN_AND_LINE + Math.max(0, code.knots.length - 1);
}

/** Writes a number's columns from `offset` on; the place must hold zeros. */
export function writeNumber(code: NumberCode, value: number, into: Float32Array, offset: number): void {
  if (code.omitted || Number.isNaN(value)) return;
  const held = Math.min(code.high, Math.max(code.low, value));
  into[offset] = 1;
  into[offset + 1] = (held - code.mean) / code.deviation;
  for (let piece = 0; piece + 1 < code.knots.length; piece += 1) {
    const from = code.knots[piece] ?? 0;
    const to = code.knots[piece + 1] ?? 0;
    if (held <= from) return;
    into[offset + KNOWN_AND_LINE + piece] = held >= to ? 1 : (held - from) / (to - from);
  }
}
