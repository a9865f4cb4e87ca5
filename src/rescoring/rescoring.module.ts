import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { CONFIG, type Config } from '../config.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { PublishShard, ScoreShard, WorkflowsModule } from '../workflows/index.js';
import { PostgresRescoringRuns } from './rescoring-runs.postgres.js';
import { RescoringRuns, ShardQueue } from './rescoring-runs.js';
import { Rescoring } from './rescoring.js';

@Module({
  imports: [CatalogueModule, DeliveryModule, WorkflowsModule],
  providers: [
    {
      provide: RescoringRuns,
      inject: [DataSource, Clock],
      useFactory: (database: DataSource, clock: Clock) => new PostgresRescoringRuns(database, clock),
    },
    {
      provide: Rescoring,
      inject: [
        RescoringRuns,
        ShardQueue,
        Accounts,
        Catalogues,
        ScoreShard,
        PublishShard,
        Outbox,
        Transactions,
        Clock,
        Ids,
        CONFIG,
      ],
      useFactory: (
        runs: RescoringRuns,
        queue: ShardQueue,
        accounts: Accounts,
        catalogues: Catalogues,
        score: ScoreShard,
        publish: PublishShard,
        outbox: Outbox,
        transactions: Transactions,
        clock: Clock,
        ids: Ids,
        config: Config,
      ) =>
        new Rescoring(
          runs,
          queue,
          accounts,
          catalogues,
          score,
          publish,
          outbox,
          transactions,
          clock,
          ids,
          config.timeZone,
        ),
    },
  ],
  exports: [Rescoring, RescoringRuns],
})
export class RescoringModule {}
