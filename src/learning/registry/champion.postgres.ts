import type { DataSource } from 'typeorm';
import { readVersion } from '../../database/index.js';
import { Champion, type PropensityModel } from '../../recommender/index.js';
import { ResponseModel } from '../serving/response-model.js';
import { unpackArtefact } from '../training/artefact.js';
import type { ModelRegistry } from './model-registry.js';

/**
 * The champion of the registry. Each question costs one read of a version number; a promotion is seen by the next
 * question of every process, without a restart. Without a champion the fallback rules answer.
 */
export class RegistryChampion extends Champion {
  private loaded: { at: number; model: Promise<ResponseModel | null> } | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly registry: ModelRegistry,
    /** Who answers while no model is promoted. */
    private readonly fallback: Champion,
  ) {
    super();
  }

  async current(): Promise<PropensityModel> {
    const at = await readVersion(this.database, 'models');
    if (this.loaded?.at !== at) this.loaded = { at, model: this.load() };
    try {
      return (await this.loaded.model) ?? (await this.fallback.current());
    } catch (cause) {
      this.loaded = null;
      throw cause;
    }
  }

  private async load(): Promise<ResponseModel | null> {
    const champion = await this.registry.champion();
    const packed = champion && (await this.registry.artefact(champion.version));
    return champion && packed ? new ResponseModel(unpackArtefact(packed), champion.version) : null;
  }
}
