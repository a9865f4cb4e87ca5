import { Champion, type PropensityModel } from '../../recommender/index.js';

/** The model that serves as it was trained: without what outcomes have taught since. */
export abstract class TrainedChampion extends Champion {}

/** Name of a model in the decision log and in what is learned for it. */
export function modelKey({ name, version }: Pick<PropensityModel, 'name' | 'version'>): string {
  return `${name}:${version}`;
}
