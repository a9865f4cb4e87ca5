export * from './dataset/dataset.js';
export * from './dataset/account-rows.js';
export * from './dataset/table-dataset.js';
export * from './dataset/served-inputs.js';
export * from './evaluation/metrics.js';
export * from './evaluation/propensity.js';
export * from './evaluation/resampled-metrics.js';
export * from './evaluation/off-policy/index.js';
export * from './evaluation/gate/index.js';
export * from './evaluation/holdout.js';
export * from './evaluation/bandit-replay/logged-round.js';
export * from './evaluation/bandit-replay/replay.js';
export * from './evaluation/uplift/index.js';
export * from './uplift/index.js';
export * from './incremental/index.js';
export * from './shadow/index.js';
export { evaluateModel, type HeadEvaluation } from './evaluation/evaluate-model.js';
export * from './registry/model-registry.js';
export * from './registry/promotion.js';
export * from './registry/model-folder.fs.js';
export {
  type Artefact,
  type PackedArtefact,
  packArtefact,
  unpackArtefact,
  versionOf,
} from './training/artefact.js';
export type { ModelCard } from './training/card.js';
export { NotEnoughToLearn } from './training/judging.js';
export { type TrainingSettings, standardCompetitors, standardTraining } from './training/settings.js';
export { slicesOf } from './training/slices.js';
export { ThreadTrainer } from './training/thread-trainer.worker.js';
export { Trainer, type TrainingResult, type TrainingTask } from './training/trainer.js';
export type { TrainingProgress } from './training/train.js';
export { ResponseModel } from './serving/response-model.js';
export { availableBackend } from './tensorflow/available-backend.tfjs.js';
export { type ArmEvidence, EvidenceLedger, type InputsOf, type KeysOf } from './online/evidence-ledger.js';
export { HeadStore } from './online/head-store.js';
export { CorrectedModel } from './online/corrected-model.js';
export { modelKey, TrainedChampion } from './online/trained-champion.js';
export { InputScales } from './online/head-inputs.js';
export { priors } from './online/head-layout.js';
export { OnlineHead, unpackOutcomes } from './online/online-head.js';
export { trialInputs, trialKeys } from './online/trial-inputs.js';
export * from './learning.module.js';
export { REMEMBERED_DAYS } from './online/outcome-learning.js';
