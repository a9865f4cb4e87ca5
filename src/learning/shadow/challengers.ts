import type { FeatureSet } from '../../features/index.js';
import { PropensityModel } from '../../recommender/index.js';
import { ResponseModel } from '../serving/response-model.js';
import { type PackedArtefact, unpackArtefact } from '../training/artefact.js';

/** The models in shadow, made ready to score; changes when one is put there or taken out, without a restart. */
export abstract class Challengers {
  abstract current(): Promise<readonly PropensityModel[]>;
}

/** A model cannot be put in shadow: the message says why, and what mends it. */
export class UnfitForShadow extends Error {}

/**
 * A model that reads the features as they are computed now. Throws `UnfitForShadow` where its weights cannot be read, or
 * where it learned on other definitions of the features: under the same names it would be given other numbers.
 */
export function fitModel(
  version: string,
  packed: PackedArtefact | null,
  featureSet: Pick<FeatureSet, 'version'>,
): ResponseModel {
  if (!packed) throw new UnfitForShadow(`Model ${version} is not in the registry.`);
  let model: ResponseModel;
  try {
    model = new ResponseModel(unpackArtefact(packed), version);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnfitForShadow(
      `Model ${version} cannot be read (${why}). Import it again (nba models import) or train a new one (nba train).`,
      { cause },
    );
  }
  const { featureSet: learned } = model.inputSchema;
  if (learned !== featureSet.version) {
    throw new UnfitForShadow(
      `Model ${version} learned on feature set ${learned}; the service computes ${featureSet.version}. ` +
        'Train one on the present features (nba train) and put that in shadow, or bring back the feature definitions that it learned on.',
    );
  }
  return model;
}

/** Stands for a model in shadow that cannot decide: each decision that it is asked about fails with the reason. */
export class FailingModel extends PropensityModel {
  constructor(
    readonly name: string,
    readonly version: string,
    private readonly cause: unknown,
  ) {
    super();
  }

  get inputSchema(): never {
    throw this.cause;
  }

  score(): never {
    throw this.cause;
  }

  contributions(): never {
    throw this.cause;
  }
}
