import { version_core } from '@tensorflow/tfjs-core';
import { type BackendChoice, readyBackend } from '../tensorflow/backend.tfjs.js';
import { packArtefact } from './artefact.js';
import { cardOf } from './make-card.js';
import { Network } from './network.tfjs.js';
import { train, type TrainingProgress } from './train.js';
import type { TrainingResult, TrainingTask } from './trainer.js';

const MILLISECONDS = 1000;

/** Trains in this thread; nothing else runs in it meanwhile, but for pauses between epochs. */
export async function trainHere(
  { dataset, settings, trainedAt }: TrainingTask,
  backend: BackendChoice,
  onProgress: (progress: TrainingProgress) => void = () => {},
): Promise<TrainingResult> {
  const backendName = await readyBackend(backend);
  const seconds: Record<string, number> = {};
  let since = performance.now();
  const trained = await train(
    dataset,
    settings,
    (architecture, shapes, heads) => new Network(architecture, shapes, heads),
    (progress) => {
      if (progress.phase === 'compete') {
        seconds[progress.competitor] =
          (seconds[progress.competitor] ?? 0) + (performance.now() - since) / MILLISECONDS;
      }
      since = performance.now();
      onProgress(progress);
    },
  );
  const { seed } = settings;
  const card = cardOf(trained, dataset, {
    trainedAt,
    seed,
    seconds,
    tensorflow: version_core,
    backend: backendName,
  });
  return { packed: packArtefact(trained.artefact), card };
}
