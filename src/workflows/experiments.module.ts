import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { LearningModule, ModelRegistry, ShadowBook, ShadowLog } from '../learning/index.js';
import { OutcomeLog, OutcomesModule } from '../outcomes/index.js';
import { Baseline, DecisionLog, RecommenderModule } from '../recommender/index.js';
import { Clock } from '../shared/index.js';
import { assembled } from './assembled.js';
import { ExportDecisions } from './export-decisions.js';
import { DecisionOutcomes } from './export-outcomes.js';
import { PostgresDecisionOutcomes } from './export-outcomes.postgres.js';
import { OutcomeFacts } from './holdout-facts.js';
import { PostgresOutcomeFacts } from './holdout-facts.postgres.js';
import { ReportHoldout } from './holdout-report.js';
import { JudgeModel } from './judge-model.js';
import { ReportShadow } from './shadow-report.js';

/** What decisions came to: the log for off-policy evaluation, and the holdout beside the treated. */
@Module({
  imports: [CatalogueModule, LearningModule, OutcomesModule, RecommenderModule],
  providers: [
    {
      provide: DecisionOutcomes,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDecisionOutcomes(database),
    },
    {
      provide: ExportDecisions,
      inject: [DecisionLog, DecisionOutcomes, Catalogues, ModelRegistry, Baseline, Clock, CONFIG],
      useFactory: (
        decisions: DecisionLog,
        outcomes: DecisionOutcomes,
        catalogues: Catalogues,
        registry: ModelRegistry,
        baseline: Baseline,
        clock: Clock,
        { salt, holdoutShare }: Config,
      ) =>
        new ExportDecisions({
          decisions,
          outcomes,
          catalogues,
          registry,
          baseline,
          clock,
          holdout: { salt, share: holdoutShare },
        }),
    },
    assembled(JudgeModel, {
      decisions: DecisionLog,
      outcomes: DecisionOutcomes,
      accounts: Accounts,
      catalogues: Catalogues,
      registry: ModelRegistry,
      shadows: ShadowLog,
      clock: Clock,
    }),
    assembled(ReportShadow, {
      shadows: ShadowBook,
      log: ShadowLog,
      decisions: DecisionLog,
      outcomes: DecisionOutcomes,
      accounts: Accounts,
      catalogues: Catalogues,
      clock: Clock,
    }),
    {
      provide: OutcomeFacts,
      inject: [DataSource, OutcomeLog],
      useFactory: (database: DataSource, outcomes: OutcomeLog) =>
        new PostgresOutcomeFacts(database, outcomes),
    },
    {
      provide: ReportHoldout,
      inject: [Accounts, Catalogues, OutcomeFacts, CONFIG],
      useFactory: (
        accounts: Accounts,
        catalogues: Catalogues,
        facts: OutcomeFacts,
        { salt, holdoutShare, timeZone }: Config,
      ) =>
        new ReportHoldout({ accounts, catalogues, facts, holdout: { salt, share: holdoutShare }, timeZone }),
    },
  ],
  exports: [DecisionOutcomes, ExportDecisions, JudgeModel, OutcomeFacts, ReportHoldout, ReportShadow],
})
export class ExperimentsModule {}
