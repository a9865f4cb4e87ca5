import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Catalogues, CatalogueModule } from '../catalogue/index.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import { Baseline } from './champion.js';
import { DecisionErasure } from './decisions/decision-erasure.js';
import { PostgresDecisionErasure } from './decisions/decision-erasure.postgres.js';
import { DecisionLog } from './decisions/decision-log.js';
import { PostgresDecisionLog } from './decisions/decision-log.postgres.js';
import { OpenQuestions } from './decisions/open-questions.js';
import { PostgresOpenQuestions } from './decisions/open-questions.postgres.js';
import { RunDecisions } from './decisions/run-decisions.js';
import { PostgresRunDecisions } from './decisions/run-decisions.postgres.js';

/**
 * The log of decisions and the declared rules. `Champion` is provided by the learning module, which reads its registry
 * and falls back to `Baseline` while no model is promoted.
 */
@Module({
  imports: [CatalogueModule, FeaturesModule],
  providers: [
    {
      provide: DecisionLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDecisionLog(database),
    },
    {
      provide: OpenQuestions,
      inject: [DataSource, DecisionLog],
      useFactory: (database: DataSource, log: DecisionLog) => new PostgresOpenQuestions(database, log),
    },
    { provide: RunDecisions, useClass: PostgresRunDecisions },
    { provide: DecisionErasure, useClass: PostgresDecisionErasure },
    {
      provide: Baseline,
      inject: [Catalogues, FeatureSet],
      useFactory: (catalogues: Catalogues, featureSet: FeatureSet) => new Baseline(catalogues, featureSet),
    },
  ],
  exports: [DecisionErasure, DecisionLog, OpenQuestions, RunDecisions, Baseline],
})
export class RecommenderModule {}
