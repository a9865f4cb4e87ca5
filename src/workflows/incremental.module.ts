import { Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import { IncrementalStore, LearningModule } from '../learning/index.js';
import { Champion, DecisionLog, RecommenderModule } from '../recommender/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { assembled } from './assembled.js';
import { ExperimentsModule } from './experiments.module.js';
import { DecisionOutcomes } from './export-outcomes.js';
import { OutcomeFacts } from './holdout-facts.js';
import { LearnIncremental } from './learn-incremental.js';
import { SwitchIncremental } from './switch-incremental.js';

/** What suggestions add, and by what the catalogue is valued. */
@Module({
  imports: [AccessModule, CatalogueModule, ExperimentsModule, LearningModule, RecommenderModule],
  providers: [
    assembled(LearnIncremental, {
      decisions: DecisionLog,
      outcomes: DecisionOutcomes,
      facts: OutcomeFacts,
      catalogues: Catalogues,
      champion: Champion,
      store: IncrementalStore,
      audit: AuditTrail,
      clock: Clock,
    }),
    assembled(SwitchIncremental, {
      transactions: Transactions,
      store: IncrementalStore,
      audit: AuditTrail,
      clock: Clock,
    }),
  ],
  exports: [LearnIncremental, SwitchIncremental, LearningModule],
})
export class IncrementalModule {}
