import type { DataSource } from 'typeorm';
import { readVersion } from '../../database/index.js';
import type { FeatureSet } from '../../features/index.js';
import type { PropensityModel } from '../../recommender/index.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import { Challengers, FailingModel, fitModel } from './challengers.js';
import type { Shadow, ShadowBook } from './shadow-book.js';

/** The models in shadow of the registry; read again when one is put there or taken out, by any process. */
export class RegistryChallengers extends Challengers {
  private kept: { at: number; models: readonly PropensityModel[] } | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly registry: ModelRegistry,
    private readonly shadows: ShadowBook,
    private readonly featureSet: FeatureSet,
    private readonly warn: (message: string) => void,
  ) {
    super();
  }

  /** Who decides is not kept from it: while nothing can be read, those that were known stay in shadow. */
  async current(): Promise<readonly PropensityModel[]> {
    try {
      const at = await readVersion(this.database, 'shadow');
      if (this.kept?.at !== at) {
        const running = await this.shadows.running();
        this.kept = { at, models: await Promise.all(running.map((shadow) => this.load(shadow))) };
      }
    } catch (cause) {
      this.warn(`The models in shadow could not be read: ${String(cause)}`);
    }
    return this.kept?.models ?? [];
  }

  /** One that cannot be read fails each decision by itself, which is counted. */
  private async load({ version, name }: Shadow): Promise<PropensityModel> {
    try {
      return fitModel(version, await this.registry.artefact(version), this.featureSet);
    } catch (cause) {
      return new FailingModel(name, version, cause);
    }
  }
}
