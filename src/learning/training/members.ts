import { type Architecture, type Shapes, type Weights } from './weights.js';

/**
 * Several networks of one shape as one that answers with the mean of their logits: their units stand side by side and
 * know nothing of each other (zeros between them), the wide parts and the heads' weights are averaged. The artefact and
 * its serving are those of a single network of that many times the units; linear models become their mean.
 */
export function joinMembers(
  members: readonly Weights[],
  architecture: Architecture,
  shapes: Shapes,
  heads: number,
): { architecture: Architecture; weights: Weights } {
  const times = members.length;
  const all = (name: keyof Weights) => members.map((weights) => weights[name]);
  const deepAndWide = (name: 'account' | 'accountBias' | 'candidate' | 'crosses'): Float32Array =>
    sideBySide(all(name), shapes[name], heads);
  const diagonal = (name: keyof Weights): Float32Array => blocks(all(name), shapes[name]);
  const inRow = (name: keyof Weights): Float32Array => sideBySide(all(name), shapes[name], 0);
  const stacked = (name: 'heads' | 'productHeads'): Float32Array =>
    Float32Array.from(all(name).flatMap((values) => [...values].map((value) => value / times)));
  return {
    architecture: {
      tower: times * architecture.tower,
      embedding: times * architecture.embedding,
      candidateTower: times * architecture.candidateTower,
      joint: times * architecture.joint,
      product: times * architecture.product,
    },
    weights: {
      account: deepAndWide('account'),
      accountBias: deepAndWide('accountBias'),
      embedding: diagonal('embedding'),
      embeddingBias: inRow('embeddingBias'),
      candidate: deepAndWide('candidate'),
      candidateBias: inRow('candidateBias'),
      crosses: deepAndWide('crosses'),
      jointAccount: diagonal('jointAccount'),
      jointCandidate: diagonal('jointCandidate'),
      jointBias: inRow('jointBias'),
      heads: stacked('heads'),
      productAccount: diagonal('productAccount'),
      productCandidate: diagonal('productCandidate'),
      productHeads: stacked('productHeads'),
    },
  };
}

/** Columns of all members side by side; the last `shared` columns of each are averaged into one such block. */
function sideBySide(
  parts: readonly Float32Array[],
  [rows, columns]: readonly [number, number],
  shared: number,
): Float32Array {
  const own = columns - shared;
  const width = parts.length * own + shared;
  const joined = new Float32Array(rows * width);
  parts.forEach((values, member) => {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const value = values[row * columns + column] ?? 0;
        const wide = column >= own;
        const place = row * width + (wide ? parts.length * own + column - own : member * own + column);
        joined[place] = (joined[place] ?? 0) + (wide ? value / parts.length : value);
      }
    }
  });
  return joined;
}

/** The members' matrices along the diagonal, zeros elsewhere. */
function blocks(parts: readonly Float32Array[], [rows, columns]: readonly [number, number]): Float32Array {
  const width = parts.length * columns;
  const joined = new Float32Array(parts.length * rows * width);
  parts.forEach((values, member) => {
    for (let row = 0; row < rows; row += 1) {
      const from = row * columns;
      joined.set(values.subarray(from, from + columns), (member * rows + row) * width + member * columns);
    }
  });
  return joined;
}
