import type { DataSource } from 'typeorm';
import { readVersion } from '../../database/index.js';
import type { FeatureSet } from '../../features/index.js';
import { Champion, type PropensityModel } from '../../recommender/index.js';
import { CorrectedModel } from './corrected-model.js';
import type { HeadStore } from './head-store.js';
import { OnlineHead, unpackOutcomes } from './online-head.js';
import { modelKey } from './trained-champion.js';

/**
 * The champion with what outcomes have taught since: each question costs one read of a version number, and a head that
 * was learned is used by the next question of every process.
 */
export class CorrectedChampion extends Champion {
  private kept: { base: PropensityModel; version: number; model: PropensityModel } | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly champion: Champion,
    private readonly heads: HeadStore,
    private readonly featureSet: FeatureSet,
  ) {
    super();
  }

  async current(): Promise<PropensityModel> {
    const [base, version] = await Promise.all([this.champion.current(), readVersion(this.database, 'head')]);
    if (this.kept?.base === base && this.kept.version === version) return this.kept.model;
    const head = await this.heads.head(modelKey(base));
    const model = head ? this.corrected(base, head) : base;
    this.kept = { base, version, model };
    return model;
  }

  private corrected(base: PropensityModel, head: { version: string; bytes: Buffer }): PropensityModel {
    const { inputSchema } = base;
    if (!inputSchema) return base;
    const outcomes = unpackOutcomes(head.bytes, inputSchema, this.featureSet.definitions);
    return new CorrectedModel(base, new OnlineHead(head.version, outcomes));
  }
}
