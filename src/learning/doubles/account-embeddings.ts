import { type Catalogues, type ContactId } from '../../catalogue/index.js';
import type { FeatureDefinition, FeatureSet } from '../../features/index.js';
import { AccountEmbeddings, type AccountPast, type Basis, type Placement } from '../../insights/index.js';
import {
  accountInputs,
  type AccountInputs,
  buildInputSchema,
  type InputSchema,
  type PropensityModel,
} from '../../recommender/index.js';
import type { TrainedChampion } from '../online/trained-champion.js';
import { ResponseModel } from '../serving/response-model.js';

/** What is compared of doubles: purchases, and what was tried with them. */
const COMPARED: readonly string[] = [
  'Order Completed',
  'Order Refunded',
  'Offer Completed',
  'Email Sent',
  'Message Sent',
  'Letter Sent',
  'Call Logged',
  'Visit Logged',
];

/**
 * Where accounts stand by the account tower of the champion; while none is promoted, or where a linear or boosted
 * model serves (it has no tower), by its inputs or the declared ones, each as a number of its own.
 */
export class LearnedEmbeddings extends AccountEmbeddings {
  constructor(
    private readonly champion: TrainedChampion,
    private readonly featureSet: FeatureSet,
    private readonly catalogues: Catalogues,
  ) {
    super();
  }

  async basis(): Promise<Basis> {
    const model = await this.champion.current();
    return hasTower(model)
      ? { by: 'model', version: model.version }
      : { by: 'features', version: this.featureSet.version };
  }

  async of(pasts: readonly AccountPast[], at: Date): Promise<Placement[]> {
    const model = await this.champion.current();
    const { schemas } = await this.catalogues.current();
    const schema = hasTower(model) ? model.inputSchema : buildInputSchema(this.featureSet, schemas);
    const hidden = placesCompared(schema, this.featureSet.definitions);
    return pasts.map((past) => {
      const inputs = this.inputsOf(past, schema, at);
      for (const place of hidden) inputs.numbers[place] = NaN;
      if (hasTower(model)) return [{ numbers: model.embedding(inputs), categories: [] }];
      const numbers = inputs.numbers.map(damped);
      const does = schema.numbers.findIndex((input) => !input.startsWith('feature:'));
      const cut = does < 0 ? numbers.length : does;
      return [
        { numbers: numbers.subarray(cut), categories: inputs.categories },
        { numbers: numbers.subarray(0, cut), categories: [] },
      ];
    });
  }

  /** As seen with its only contact, or with all of them together. */
  private inputsOf({ dossier, state }: AccountPast, schema: InputSchema, at: Date): AccountInputs {
    const contactId: ContactId | null =
      dossier.contacts.length === 1 ? (dossier.contacts[0]?.contactId ?? null) : null;
    return accountInputs(schema, dossier, contactId, this.featureSet.read(state, contactId, at), at);
  }
}

function hasTower(model: PropensityModel): model is ResponseModel {
  return model instanceof ResponseModel && model.embeddingWidth > 0;
}

/** Counts and sums have long tails: sign(x) ln(1 + |x|). */
function damped(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}

/** Places of the numbers that tell of purchases or touches, among them every number that an insight made of them. */
function placesCompared(schema: InputSchema, definitions: readonly FeatureDefinition[]): number[] {
  const tells = (names: readonly string[] | '*') =>
    names === '*' || names.some((name) => COMPARED.includes(name));
  const hidden = new Set(
    definitions
      .filter((definition) => tells(definition.events) || tells(furtherEvents(definition)))
      .map(({ name }) => `feature:${name}`),
  );
  return schema.numbers.flatMap((input, place) => (hidden.has(input) ? [place] : []));
}

function furtherEvents(definition: FeatureDefinition): readonly string[] {
  if (definition.kind === 'rate') return definition.bottom;
  return definition.kind === 'count' ? (definition.less ?? []) : [];
}
