// The layers package brings the gradients of the core's operations.
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, TrainingBatch } from './batch.js';
import { presentWeights, type Architecture, type Shapes, type WeightName, type Weights } from './weights.js';

type Tensors = Partial<Record<WeightName, tf.Tensor2D>>;
type Keep = Partial<Record<keyof TrainingBatch['keep'], tf.Tensor2D>>;
interface Inputs {
  account: tf.Tensor2D;
  candidate: tf.Tensor2D;
  crosses: tf.Tensor2D;
}

/** One response model's mathematics on whichever TensorFlow.js backend is ready. */
export class Network {
  private readonly present: WeightName[];

  constructor(
    private readonly architecture: Architecture,
    private readonly shapes: Shapes,
    private readonly heads: number,
  ) {
    this.present = presentWeights(shapes);
  }

  /** Logits, rows × heads. */
  logits(weights: Weights, batch: Batch): Float32Array {
    const values = tf.tidy(() => {
      const tensors = Object.fromEntries(
        this.present.map((name) => [name, this.tensor(weights, name)]),
      ) as Tensors;
      return this.forward(tensors, this.inputs(batch), {}).dataSync();
    });
    return Float32Array.from(values);
  }

  /** Mean log-loss over the observed labels, and its gradient by weight. */
  gradients(weights: Weights, batch: TrainingBatch): { loss: number; gradients: Partial<Weights> } {
    // Assigned from within: a container that is returned is searched for tensors, element by element.
    const gradients: Partial<Weights> = {};
    let lossValue = NaN;
    tf.tidy(() => {
      const { rows, keep } = batch;
      const { tower, embedding, joint } = this.architecture;
      const inputs = this.inputs(batch);
      const labels = tf.tensor2d(batch.labels, [rows, this.heads]);
      const observed = tf.tensor2d(batch.observed, [rows, this.heads]);
      const count = Math.max(
        1,
        batch.observed.reduce((sum, seen) => sum + seen, 0),
      );
      const kept: Keep =
        keep.tower.length === 0
          ? {}
          : {
              tower: tf.tensor2d(keep.tower, [rows, tower]),
              embedding: tf.tensor2d(keep.embedding, [rows, embedding]),
              joint: tf.tensor2d(keep.joint, [rows, joint]),
            };
      const loss = (...values: tf.Tensor[]): tf.Scalar => {
        const tensors = Object.fromEntries(
          this.present.map((name, index) => [name, values[index]]),
        ) as Tensors;
        const logits = this.forward(tensors, inputs, kept);
        return tf.div(crossEntropy(logits, labels, observed), tf.scalar(count)) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(loss)(this.present.map((name) => this.tensor(weights, name)));
      lossValue = value.dataSync()[0] ?? NaN;
      this.present.forEach((name, index) => (gradients[name] = grads[index]?.dataSync() as Float32Array));
    });
    return { loss: lossValue, gradients };
  }

  private tensor(weights: Weights, name: WeightName): tf.Tensor2D {
    return tf.tensor2d(weights[name], this.shapes[name]);
  }

  private inputs(batch: Batch): Inputs {
    const { shapes } = this;
    return {
      account: tf.tensor2d(batch.account, [batch.rows, shapes.account[0]]),
      candidate: tf.tensor2d(batch.candidate, [batch.rows, shapes.candidate[0]]),
      crosses: tf.tensor2d(batch.crosses, [batch.rows, shapes.crosses[0]]),
    };
  }

  private forward(weights: Tensors, inputs: Inputs, keep: Keep): tf.Tensor2D {
    const account = split(
      plus(from(inputs.account, weights.account), weights.accountBias),
      this.architecture.tower,
    );
    const candidate = split(from(inputs.candidate, weights.candidate), this.architecture.candidateTower);
    const crosses = split(from(inputs.crosses, weights.crosses), this.architecture.joint);
    const wide = sumOf([account.wide, candidate.wide, crosses.wide]);
    if (!account.deep || !candidate.deep) return wide;
    const tower = times(tf.relu(account.deep), keep.tower);
    const e = times(tf.relu(plus(dense(tower, weights.embedding), weights.embeddingBias)), keep.embedding);
    const g = tf.relu(plus(candidate.deep, weights.candidateBias));
    const before = sumOf([dense(e, weights.jointAccount), dense(g, weights.jointCandidate), crosses.deep]);
    const z = times(tf.relu(plus(before, weights.jointBias)), keep.joint);
    const product =
      this.architecture.product > 0
        ? dense(
            tf.mul(dense(e, weights.productAccount), dense(g, weights.productCandidate)) as tf.Tensor2D,
            weights.productHeads,
          )
        : undefined;
    return sumOf([wide, dense(z, weights.heads), product]);
  }
}

/** The two parts of a layer's output: hidden units first, then one column a head. */
function split(joined: tf.Tensor2D | undefined, deep: number): { deep?: tf.Tensor2D; wide?: tf.Tensor2D } {
  if (!joined) return {};
  if (deep === 0) return { wide: joined };
  const [rows, columns] = joined.shape;
  return {
    deep: tf.slice2d(joined, [0, 0], [rows, deep]),
    wide: tf.slice2d(joined, [0, deep], [rows, columns - deep]),
  };
}

/** Product with inputs, which need no gradient. Undefined where there are no inputs. */
function from(inputs: tf.Tensor2D, weights: tf.Tensor2D | undefined): tf.Tensor2D | undefined {
  if (!weights) return undefined;
  const product = tf.customGrad((w) => ({
    value: tf.matMul(inputs, w as tf.Tensor2D),
    gradFunc: (dy: tf.Tensor) => tf.matMul(tf.transpose(inputs), dy as tf.Tensor2D),
  }));
  return product(weights) as tf.Tensor2D;
}

/**
 * Matrix product whose gradient transposes first: WASM multiplies a transposed operand ten times slower than it
 * transposes and multiplies.
 */
function dense(inputs: tf.Tensor2D, weights: tf.Tensor2D | undefined): tf.Tensor2D {
  if (!weights) throw new Error('A layer has no weights');
  const product = tf.customGrad((x, w, save) => {
    const keep = save as tf.GradSaveFunc;
    keep([x as tf.Tensor, w as tf.Tensor]);
    return {
      value: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [inputsThen, weightsThen] = saved as [tf.Tensor2D, tf.Tensor2D];
        return [
          tf.matMul(dy as tf.Tensor2D, tf.transpose(weightsThen)),
          tf.matMul(tf.transpose(inputsThen), dy as tf.Tensor2D),
        ];
      },
    };
  });
  return product(inputs, weights) as tf.Tensor2D;
}

function plus(values: tf.Tensor2D | undefined, bias: tf.Tensor2D | undefined): tf.Tensor2D {
  if (values && bias) return tf.add(values, bias) as tf.Tensor2D;
  const either = values ?? bias;
  if (!either) throw new Error('A layer has neither inputs nor bias');
  return either;
}

function times(values: tf.Tensor2D, keep: tf.Tensor2D | undefined): tf.Tensor2D {
  return keep ? (tf.mul(values, keep) as tf.Tensor2D) : values;
}

function sumOf(parts: readonly (tf.Tensor2D | undefined)[]): tf.Tensor2D {
  const present = parts.filter((part) => part !== undefined);
  const [first, ...others] = present;
  if (!first) throw new Error('Nothing to add');
  return others.reduce((sum, part) => tf.add(sum, part) as tf.Tensor2D, first);
}

/** Σ observed × (max(l, 0) − l y + ln(1 + e^−|l|)): log-loss by logits without overflow. */
function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D, observed: tf.Tensor2D): tf.Tensor {
  const loss = tf.customGrad((l, save) => {
    (save as tf.GradSaveFunc)([l as tf.Tensor]);
    const logit = l as tf.Tensor;
    const stable = tf.add(
      tf.sub(tf.relu(logit), tf.mul(logit, labels)),
      tf.log1p(tf.exp(tf.neg(tf.abs(logit)))),
    );
    return {
      value: tf.sum(tf.mul(stable, observed)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(dy, tf.mul(observed, tf.sub(tf.sigmoid(saved[0] as tf.Tensor), labels))),
    };
  });
  return loss(logits);
}
