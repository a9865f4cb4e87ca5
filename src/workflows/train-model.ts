import type { OutcomeId } from '../catalogue/index.js';
import type { AuditTrail } from '../access/index.js';
import {
  allRows,
  type Dataset,
  evaluateModel,
  type ModelCard,
  type ModelRegistry,
  ResponseModel,
  slicesOf,
  standardTraining,
  type Trainer,
  type TrainingProgress,
  type TrainingSettings,
  unpackArtefact,
} from '../learning/index.js';
import { schemaDigest } from '../recommender/index.js';
import type { Clock } from '../shared/index.js';
import type { BuildDataset } from './build-dataset.js';

export interface TrainModelParts {
  build: BuildDataset;
  trainer: Trainer;
  registry: ModelRegistry;
  audit: AuditTrail;
  clock: Clock;
}

export interface TrainingWanted {
  seed?: string;
  /** Else now. */
  asOf?: Date;
  /** Only touches in [from, to): what comes later is kept to judge by. */
  from?: Date;
  to?: Date;
  heads?: readonly OutcomeId[];
  settings?: Partial<TrainingSettings>;
  actor: string;
}

export type TrainModelProgress =
  { step: 'dataset'; done: number; total: number } | ({ step: 'training' } & TrainingProgress);

export interface ModelTrained {
  version: string;
  card: ModelCard;
}

/** History → rows → a trained model → a candidate of the registry. Throws `NotEnoughToLearn`. */
export class TrainModel {
  constructor(private readonly parts: TrainModelParts) {}

  async run(
    wanted: TrainingWanted,
    onProgress: (progress: TrainModelProgress) => void = () => {},
  ): Promise<ModelTrained> {
    const { build, trainer, registry, audit, clock } = this.parts;
    const { from, to, heads } = wanted;
    const dataset = await build.run(
      { asOf: wanted.asOf ?? clock.now(), ...(from && { from }), ...(to && { to }), ...(heads && { heads }) },
      (done, total) => onProgress({ step: 'dataset', done, total }),
    );
    const settings = { ...standardTraining, ...wanted.settings, ...(wanted.seed && { seed: wanted.seed }) };
    const { packed, card } = await trainer.train({ dataset, settings, trainedAt: clock.now() }, (progress) =>
      onProgress({ step: 'training', ...progress }),
    );
    const besideChampion = await this.besideChampion(dataset, settings.seed);
    const complete = besideChampion ? { ...card, besideChampion } : card;
    const version = await registry.add({ packed, card: complete, createdAt: clock.now() });
    const detail = { rows: card.data.rows, seed: card.seed, winner: card.winner };
    await audit.record([
      { actor: wanted.actor, action: 'model.trained', subjectKind: 'model', subjectId: version, detail },
    ]);
    return { version, card: complete };
  }

  /** The champion on the rows that the new model was judged by; undefined where none serves, or it reads other inputs. */
  private async besideChampion(dataset: Dataset, seed: string): Promise<ModelCard['besideChampion']> {
    const { registry } = this.parts;
    const champion = await registry.champion();
    const packed = champion && (await registry.artefact(champion.version));
    if (!champion || !packed) return undefined;
    const model = new ResponseModel(unpackArtefact(packed), champion.version);
    if (schemaDigest(model.inputSchema) !== schemaDigest(dataset.schema)) return undefined;
    const slices = slicesOf(dataset, allRows(dataset), seed);
    const judged = Int32Array.from(slices.flatMap(({ judge }) => [...judge]));
    const fitted = slices[0]?.fit ?? judged;
    const heads = evaluateModel(model, dataset, judged, fitted).filter(({ outcomeId }) =>
      model.knows(outcomeId),
    );
    return {
      version: champion.version,
      metrics: Object.fromEntries(heads.map(({ outcomeId, model: metrics }) => [outcomeId, metrics])),
    };
  }
}
