import { type Artefact, ModelRegistry, packArtefact } from '../../src/learning/index.js';
import { modelCard } from '../../src/learning/testing/model-entry.js';
import { widthsOf } from '../../src/learning/training/encoder.js';
import { LINEAR, shapesOf, weightNames, type Weights } from '../../src/learning/training/weights.js';
import { Champion, type InputSchema } from '../../src/recommender/index.js';
import { PromoteModel } from '../../src/workflows/index.js';
import type { TestService } from './service.js';

const code = (name: string) => ({ name, low: 0, high: 1, mean: 0, deviation: 1, knots: [] });

/** A model that reads all there is and says the same chance of the outcome `reply` of everything. */
function flatArtefact(schema: InputSchema, logit: number): Artefact {
  const encoder: Artefact['encoder'] = {
    numbers: schema.numbers.map(code),
    categories: schema.categories.map((name) => ({ name, values: [] })),
    candidate: [],
    crosses: schema.crosses.map(code),
  };
  const shapes = shapesOf(LINEAR, widthsOf(encoder), 1);
  const weights = Object.fromEntries(
    weightNames.map((name) => [name, new Float32Array(shapes[name][0] * shapes[name][1])]),
  ) as Weights;
  return {
    format: 1,
    name: 'response',
    schema,
    heads: ['reply'],
    baseRates: [0.5],
    encoder,
    architecture: LINEAR,
    calibrators: [{ a: 1, b: 1, c: logit }],
    weights,
  };
}

/** Adds a flat model as a candidate, on what happened until `trainedUntil`; gives its version. */
export async function addFlatModel(
  service: TestService,
  { logit, trainedUntil }: { logit: number; trainedUntil?: Date },
): Promise<string> {
  const { inputSchema } = await service.app.get(Champion, { strict: false }).current();
  if (!inputSchema) throw new Error('whoever serves reads the whole schema');
  const card = modelCard({ reply: 0.69 });
  return service.app.get(ModelRegistry, { strict: false }).add({
    packed: packArtefact(flatArtefact(inputSchema, logit)),
    card: { ...card, data: { ...card.data, ...(trainedUntil && { to: trainedUntil.toISOString() }) } },
    createdAt: service.clock.now(),
  });
}

/** Makes a model that says one half the champion: what is learned on top of it shows alone. Gives its version. */
export async function promoteFlatModel(service: TestService): Promise<string> {
  const version = await addFlatModel(service, { logit: 0 });
  const asked = { reason: 'a test', force: true, actor: 'test' };
  const promoted = await service.app.get(PromoteModel, { strict: false }).promote(version, asked);
  if (!promoted.ok) throw new Error(promoted.error.detail);
  return version;
}
