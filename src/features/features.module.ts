import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Accounts, CatalogueModule, KnownFeatures } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { EventLog, EventsModule } from '../events/index.js';
import { compileFeatureSet } from './compile-feature-set.js';
import { standardFeatures } from './definitions/standard.js';
import { FeatureSet, PublishedFeatures } from './feature-set.js';
import { FeatureStore } from './store/feature-store.js';
import { PostgresFeatureStore } from './store/feature-store.postgres.js';

const named = ({ definitions }: FeatureSet, keyed: boolean): string[] =>
  definitions.filter(({ by }) => (by !== undefined) === keyed).map(({ name }) => name);

/** What is declared, for everybody: the catalogue checks expressions against it. */
@Global()
@Module({
  providers: [
    {
      provide: FeatureSet,
      inject: [{ token: PublishedFeatures, optional: true }],
      useFactory: (published?: PublishedFeatures) =>
        compileFeatureSet([...standardFeatures, ...(published?.definitions ?? [])]),
    },
    {
      provide: KnownFeatures,
      inject: [FeatureSet],
      useFactory: (featureSet: FeatureSet): KnownFeatures => {
        const scalars = named(featureSet, false);
        const keyed = named(featureSet, true);
        return { scalarNames: () => scalars, keyedNames: () => keyed };
      },
    },
  ],
  exports: [FeatureSet, KnownFeatures],
})
export class DeclaredFeaturesModule {}

@Module({
  imports: [DeclaredFeaturesModule, CatalogueModule, EventsModule],
  providers: [
    {
      provide: FeatureStore,
      inject: [DataSource, FeatureSet, EventLog, Accounts, CONFIG],
      useFactory: (
        database: DataSource,
        featureSet: FeatureSet,
        log: EventLog,
        accounts: Accounts,
        { timeZone }: Config,
      ) => new PostgresFeatureStore({ database, featureSet, log, accounts, timeZone }),
    },
  ],
  exports: [FeatureStore, DeclaredFeaturesModule],
})
export class FeaturesModule {}
