import { Module } from '@nestjs/common';
import { Accounts, CatalogueModule } from '../catalogue/index.js';
import { DecisionLog, RecommenderModule, RunDecisions } from '../recommender/index.js';
import { Clock, Ids } from '../shared/index.js';
import { DecideModule } from './decide.module.js';
import { DecisionGate } from './decision-gate.js';
import { PublishDecisions } from './publish-decisions.js';
import { PublishShard } from './publish-shard.js';
import { ScoreShard } from './score-shard.js';
import { Situations } from './situations.js';

/** The two halves of a re-scoring run. */
@Module({
  imports: [CatalogueModule, DecideModule, RecommenderModule],
  providers: [
    {
      provide: ScoreShard,
      inject: [Accounts, Situations, DecisionLog, Ids],
      useFactory: (accounts: Accounts, situations: Situations, decisions: DecisionLog, ids: Ids) =>
        new ScoreShard({ accounts, situations, decisions, ids }),
    },
    {
      provide: PublishShard,
      inject: [DecisionGate, DecisionLog, RunDecisions, PublishDecisions, Situations, Clock, Ids],
      useFactory: (
        gate: DecisionGate,
        log: DecisionLog,
        decisions: RunDecisions,
        publish: PublishDecisions,
        situations: Situations,
        clock: Clock,
        ids: Ids,
      ) => new PublishShard({ gate, log, decisions, publish, situations, clock, ids }),
    },
  ],
  exports: [ScoreShard, PublishShard],
})
export class RescoringWorkflowsModule {}
