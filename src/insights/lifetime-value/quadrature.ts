const { abs, cos, PI } = Math;

const NODES = 32;
const SETTLED = 1e-15;

interface Rule {
  nodes: Float64Array;
  weights: Float64Array;
}

/** Gauss and Legendre's rule on [−1, 1]: exact for polynomials of degree below 2n. Roots by Newton's method. */
function gaussLegendre(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let place = 0; place < n; place += 1) {
    let x = cos((PI * (place + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 100; round += 1) {
      let before = 1;
      let value = x;
      for (let degree = 2; degree <= n; degree += 1)
        [before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree];
      slope = (n * (x * value - before)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (abs(step) < SETTLED) break;
    }
    nodes[place] = x;
    weights[place] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

const rule = gaussLegendre(NODES);

/** ∫ of a smooth function from 0 to `length`, with 32 nodes. */
export function integrated(of: (at: number) => number, length: number): number {
  const half = length / 2;
  let sum = 0;
  for (let place = 0; place < NODES; place += 1)
    sum += (rule.weights[place] as number) * of(half * (1 + (rule.nodes[place] as number)));
  return sum * half;
}
