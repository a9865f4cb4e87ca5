import type { OutcomeId } from '../catalogue/index.js';
import {
  allRows,
  evaluateModel,
  METRIC_RESAMPLES,
  type HeadEvaluation,
  type ModelRegistry,
  ResponseModel,
  unpackArtefact,
} from '../learning/index.js';
import { type Clock, err, ok, type Result } from '../shared/index.js';
import type { BuildDataset } from './build-dataset.js';

export interface EvaluationWanted {
  /** Else the champion. */
  version?: string;
  /** Touches in [from, to) are judged. */
  from: Date;
  to?: Date;
  asOf?: Date;
}

export interface Evaluated {
  version: string;
  rows: number;
  heads: HeadEvaluation[];
}

/** Judges a model on touches of the history, by the propensities that it would serve. */
export class EvaluateModel {
  constructor(private readonly parts: { build: BuildDataset; registry: ModelRegistry; clock: Clock }) {}

  /** The error is a sentence. References are learned from the touches before `from`. */
  async run(
    wanted: EvaluationWanted,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<Result<Evaluated, string>> {
    const { build, registry, clock } = this.parts;
    const version = wanted.version ?? (await registry.champion())?.version;
    if (version === undefined) return err('No model serves: train and promote one, or name a version');
    const packed = await registry.artefact(version);
    if (!packed) return err(`There is no model ${version}`);
    const artefact = unpackArtefact(packed);
    const dataset = await build.run(
      {
        asOf: wanted.asOf ?? clock.now(),
        ...(wanted.to && { to: wanted.to }),
        heads: artefact.heads as OutcomeId[],
        schema: artefact.schema,
      },
      onProgress,
    );
    const from = wanted.from.getTime();
    const judged = allRows(dataset).filter((row) => (dataset.at[row] ?? NaN) >= from);
    if (judged.length === 0)
      return err(`There are no touches with a known outcome from ${wanted.from.toISOString()} on`);
    const before = allRows(dataset).filter((row) => (dataset.at[row] ?? NaN) < from);
    const heads = evaluateModel(
      new ResponseModel(artefact, version),
      dataset,
      judged,
      before,
      METRIC_RESAMPLES,
    );
    return ok({ version, rows: judged.length, heads });
  }
}
