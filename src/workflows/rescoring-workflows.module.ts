import { Module } from '@nestjs/common';
import { Accounts, CatalogueModule } from '../catalogue/index.js';
import { DecisionLog, RecommenderModule, RunDecisions } from '../recommender/index.js';
import { Clock, Ids } from '../shared/index.js';
import { assembled } from './assembled.js';
import { DecideModule } from './decide.module.js';
import { DecisionGate } from './decision-gate.js';
import { PublishDecisions } from './publish-decisions.js';
import { PublishShard } from './publish-shard.js';
import { ScoreShard } from './score-shard.js';
import { ShadowDecisions } from './shadow-decisions.js';
import { ShadowModule } from './shadow.module.js';
import { Situations } from './situations.js';

/** The two halves of a re-scoring run. */
@Module({
  imports: [CatalogueModule, DecideModule, RecommenderModule, ShadowModule],
  providers: [
    assembled(ScoreShard, {
      accounts: Accounts,
      situations: Situations,
      decisions: DecisionLog,
      ids: Ids,
      shadow: ShadowDecisions,
    }),
    assembled(PublishShard, {
      gate: DecisionGate,
      log: DecisionLog,
      decisions: RunDecisions,
      publish: PublishDecisions,
      situations: Situations,
      clock: Clock,
      ids: Ids,
    }),
  ],
  exports: [ScoreShard, PublishShard],
})
export class RescoringWorkflowsModule {}
