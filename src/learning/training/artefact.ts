import { canonicalJson, sha256 } from '../../shared/index.js';
import type { InputSchema } from '../../recommender/index.js';
import type { Calibrator } from './calibration.js';
import type { Forest } from './forest.js';
import { widthsOf, type Encoder } from './encoder.js';
import { shapesOf, weightNames, type Architecture, type Weights } from './weights.js';

/** All that is needed to serve a trained model. The same artefact gives the same version. */
export interface Artefact {
  /** 2: with forests, which a service of before would not read. */
  format: 1 | 2;
  name: string;
  schema: InputSchema;
  /** Outcome ids in the order of the weights' last columns. */
  heads: string[];
  /** Share of positives in training, by head. */
  baseRates: number[];
  encoder: Encoder;
  architecture: Architecture;
  /** What the account's inputs add to each head as boosted trees; absent in models without. */
  forests?: Forest[];
  /** One a head. */
  calibrators: Calibrator[];
  weights: Weights;
}

/** An artefact as it is stored and exported: what is text, and the weights as float32, little-endian, one after the other. */
export interface PackedArtefact {
  model: string;
  weights: Buffer;
}

export const VERSION_LENGTH = 16;

export function packArtefact({ weights, ...described }: Artefact): PackedArtefact {
  const parts = weightNames.map((name) => weights[name]);
  const bytes = Buffer.alloc(4 * parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    for (const value of part) place = bytes.writeFloatLE(value, place);
  }
  return { model: canonicalJson(described), weights: bytes };
}

/** Throws when the weights do not fit the description. */
export function unpackArtefact(packed: PackedArtefact): Artefact {
  const described = JSON.parse(packed.model) as Omit<Artefact, 'weights'>;
  if (described.format !== 1 && described.format !== 2)
    throw new Error(`Format ${String(described.format)} of a model is not known here`);
  const shapes = shapesOf(described.architecture, widthsOf(described.encoder), described.heads.length);
  let place = 0;
  const read = (name: (typeof weightNames)[number]): Float32Array => {
    const values = new Float32Array(shapes[name][0] * shapes[name][1]);
    if (place + 4 * values.length > packed.weights.length)
      throw new Error('The weights are shorter than the model says');
    for (let index = 0; index < values.length; index += 1, place += 4)
      values[index] = packed.weights.readFloatLE(place);
    return values;
  };
  const weights = Object.fromEntries(weightNames.map((name) => [name, read(name)])) as Weights;
  if (place !== packed.weights.length) throw new Error('The weights are longer than the model says');
  return { ...described, weights };
}

/** First hexadecimal digits of the SHA-256 over description and weights. */
export function versionOf({ model, weights }: PackedArtefact): string {
  return sha256(`${sha256(model)}:${sha256(weights.toString('base64'))}`).slice(0, VERSION_LENGTH);
}
