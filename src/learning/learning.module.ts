import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Catalogues, CatalogueModule } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import { buildInputSchema, Champion, FallbackRules } from '../recommender/index.js';
import { RegistryChampion } from './registry/champion.postgres.js';
import { ModelRegistry } from './registry/model-registry.js';
import { PostgresModelRegistry } from './registry/model-registry.postgres.js';
import { ThreadTrainer } from './training/thread-trainer.worker.js';
import { Trainer } from './training/trainer.js';

/** The fallback rules over what the catalogue and the features declare now. */
function fallbackRules(catalogues: Catalogues, featureSet: FeatureSet): () => Promise<FallbackRules> {
  let made: { catalogue: number; rules: FallbackRules } | null = null;
  return async () => {
    const { version, schemas } = await catalogues.current();
    if (made?.catalogue !== version) {
      const rules = new FallbackRules(buildInputSchema(featureSet, schemas), featureSet.definitions);
      made = { catalogue: version, rules };
    }
    return made.rules;
  };
}

@Module({
  imports: [CatalogueModule, FeaturesModule],
  providers: [
    {
      provide: ModelRegistry,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresModelRegistry(database),
    },
    {
      provide: Champion,
      inject: [DataSource, ModelRegistry, Catalogues, FeatureSet],
      useFactory: (database: DataSource, registry: ModelRegistry, catalogues: Catalogues, featureSet: FeatureSet) =>
        new RegistryChampion(database, registry, fallbackRules(catalogues, featureSet)),
    },
    { provide: Trainer, inject: [CONFIG], useFactory: ({ tensorflow }: Config) => new ThreadTrainer(tensorflow) },
  ],
  exports: [ModelRegistry, Champion, Trainer],
})
export class LearningModule {}
