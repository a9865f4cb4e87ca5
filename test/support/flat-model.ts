import { type Artefact, ModelRegistry, packArtefact } from '../../src/learning/index.js';
import { modelCard } from '../../src/learning/testing/model-entry.js';
import { widthsOf } from '../../src/learning/training/encoder.js';
import { LINEAR, shapesOf, weightNames, type Weights } from '../../src/learning/training/weights.js';
import { Champion, type InputSchema } from '../../src/recommender/index.js';
import { PromoteModel } from '../../src/workflows/index.js';
import type { TestService } from './service.js';

const code = (name: string) => ({ name, low: 0, high: 1, mean: 0, deviation: 1, knots: [] });

/** A model that reads all there is and says one half of the outcome `reply`: what is learned on top of it shows alone. */
function flatArtefact(schema: InputSchema): Artefact {
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
    name: 'flat',
    schema,
    heads: ['reply'],
    baseRates: [0.5],
    encoder,
    architecture: LINEAR,
    calibrators: [{ a: 1, b: 1, c: 0 }],
    weights,
  };
}

/** Makes the flat model the champion; gives its version. */
export async function promoteFlatModel(service: TestService): Promise<string> {
  const { inputSchema } = await service.app.get(Champion, { strict: false }).current();
  if (!inputSchema) throw new Error('the declared rules read the whole schema');
  const version = await service.app.get(ModelRegistry, { strict: false }).add({
    packed: packArtefact(flatArtefact(inputSchema)),
    card: modelCard({ reply: 0.69 }),
    createdAt: service.clock.now(),
  });
  const asked = { reason: 'a test', force: true, actor: 'test' };
  const promoted = await service.app.get(PromoteModel, { strict: false }).promote(version, asked);
  if (!promoted.ok) throw new Error(promoted.error.detail);
  return version;
}
