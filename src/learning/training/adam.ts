import { presentWeights, type Shapes, type WeightName, type Weights, copyWeights } from './weights.js';

export interface AdamSettings {
  rate: number;
  /** Share of each weight taken away a step, times the rate (decoupled, Loshchilov & Hutter 2019); biases are spared. */
  decay: number;
  /** The averaged weights keep this share of themselves a step. */
  averaging: number;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma & Ba, 2015) with decoupled weight decay, and a moving average of the weights, which judges better than
 * the last step (Polyak & Juditsky, 1992). Changes the weights that it was made with.
 */
export class Adam {
  private steps = 0;
  private readonly first: Weights;
  private readonly second: Weights;
  readonly averaged: Weights;
  private readonly names: WeightName[];

  constructor(
    private readonly weights: Weights,
    shapes: Shapes,
    private readonly settings: AdamSettings,
  ) {
    this.names = presentWeights(shapes);
    const zeros = copyWeights(weights);
    for (const values of Object.values(zeros)) values.fill(0);
    this.first = zeros;
    this.second = copyWeights(zeros);
    this.averaged = copyWeights(weights);
  }

  /** One step; `rateFactor` scales the rate, for a schedule. */
  step(gradients: Readonly<Partial<Weights>>, rateFactor = 1): void {
    this.steps += 1;
    const correction = Math.sqrt(1 - BETA_2 ** this.steps) / (1 - BETA_1 ** this.steps);
    const rate = this.settings.rate * rateFactor;
    const kept = Math.min(this.settings.averaging, this.steps / (this.steps + 10));
    for (const name of this.names) {
      const gradient = gradients[name];
      if (!gradient) continue;
      const decay = name.endsWith('Bias') ? 0 : rate * this.settings.decay;
      this.update(name, gradient, rate * correction, decay, kept);
    }
  }

  private update(name: WeightName, gradient: Float32Array, rate: number, decay: number, kept: number): void {
    const weights = this.weights[name];
    const first = this.first[name];
    const second = this.second[name];
    const averaged = this.averaged[name];
    for (let index = 0; index < weights.length; index += 1) {
      const g = gradient[index] as number;
      const m = (first[index] = BETA_1 * (first[index] as number) + (1 - BETA_1) * g);
      const v = (second[index] = BETA_2 * (second[index] as number) + (1 - BETA_2) * g * g);
      const w = (weights[index] as number) * (1 - decay) - (rate * m) / (Math.sqrt(v) + EPSILON);
      weights[index] = w;
      averaged[index] = kept * (averaged[index] as number) + (1 - kept) * w;
    }
  }
}
