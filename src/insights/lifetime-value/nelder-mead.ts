/** Coefficients of reflection, expansion, contraction and shrinking, as usual. */
const EXPANSION = 2;
const CONTRACTION = 0.5;
const SHRINKING = 0.5;
const FIRST_STEP = 0.1;

interface Vertex {
  at: number[];
  value: number;
}

export interface Minimum {
  at: number[];
  value: number;
  evaluations: number;
}

/**
 * A local minimum of a function of a few variables without derivatives (Nelder and Mead, 1965). Ends when the values at
 * the corners of the simplex differ by less than `tolerance` of their size, then starts once more from there with a
 * new simplex, since a degenerate one may have stopped early.
 */
export function nelderMead(
  of: (at: readonly number[]) => number,
  start: readonly number[],
  { tolerance = 1e-12, limit = 5000 }: { tolerance?: number; limit?: number } = {},
): Minimum {
  const first = descend(of, start, tolerance, limit);
  const second = descend(of, first.at, tolerance, limit);
  return { ...second, evaluations: first.evaluations + second.evaluations };
}

function descend(
  of: (at: readonly number[]) => number,
  start: readonly number[],
  tolerance: number,
  limit: number,
): Minimum {
  let evaluations = 0;
  const measured = (at: number[]): Vertex => {
    evaluations += 1;
    const value = of(at);
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [
    measured([...start]),
    ...start.map((_, axis) =>
      measured(
        start.map((value, other) => (other === axis ? value + FIRST_STEP * (1 + Math.abs(value)) : value)),
      ),
    ),
  ];
  for (;;) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0];
    const worst = simplex.at(-1);
    const next = simplex.at(-2);
    if (!best || !worst || !next) throw new Error('Nothing to minimise over');
    if (Math.abs(worst.value - best.value) < tolerance * (1 + Math.abs(best.value)) || evaluations > limit)
      return { at: best.at, value: best.value, evaluations };
    const centre = centreOf(simplex.slice(0, -1));
    const along = (step: number): Vertex =>
      measured(centre.map((value, axis) => value + step * (value - (worst.at[axis] ?? 0))));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(EXPANSION);
      simplex[simplex.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < next.value) {
      simplex[simplex.length - 1] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? CONTRACTION : -CONTRACTION);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[simplex.length - 1] = contracted;
      else shrink(simplex, best, measured);
    }
  }
}

function centreOf(vertices: readonly Vertex[]): number[] {
  return (vertices[0]?.at ?? []).map(
    (_, axis) => vertices.reduce((sum, { at }) => sum + (at[axis] ?? 0), 0) / vertices.length,
  );
}

function shrink(simplex: Vertex[], best: Vertex, measured: (at: number[]) => Vertex): void {
  for (let corner = 1; corner < simplex.length; corner += 1) {
    const at = simplex[corner]?.at ?? [];
    simplex[corner] = measured(best.at.map((value, axis) => value + SHRINKING * ((at[axis] ?? 0) - value)));
  }
}
