import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule } from '../access/index.js';
import { AlertRecordsModule } from '../alerts/index.js';
import { DeliveryModule } from '../delivery/index.js';
import { EventsModule } from '../events/index.js';
import { LearningModule } from '../learning/index.js';
import { AlertWorkflowsModule } from '../workflows/index.js';
import { AlertJobs } from './alerts.queue.js';
import { RescoringModule } from '../rescoring/index.js';
import { WorkflowsModule } from '../workflows/index.js';
import { AuditSealing } from './audit-sealing.queue.js';
import { ConfirmationJobs } from './confirmations.queue.js';
import { DigestJobs } from './digests.queue.js';
import { HousekeepingJobs } from './housekeeping.queue.js';
import { LearningJobs } from './learning.queue.js';
import { OutboxJobs } from './outbox-relay.queue.js';
import { PushJobs } from './push.queue.js';
import { ReachJobs } from './reach.queue.js';
import { RescoringJobs } from './rescoring.queue.js';
import { ShardWorkModule } from './shard-work.module.js';
import { StockJobs } from './stock.queue.js';
import { TaskJobs } from './tasks.queue.js';
import { TouchJobs } from './touches.queue.js';

/** What runs by itself, in processes that work. */
@Module({
  imports: [
    AccessModule,
    AlertRecordsModule,
    ScheduleModule.forRoot(),
    DeliveryModule,
    EventsModule,
    LearningModule,
    RescoringModule,
    ShardWorkModule,
    AlertWorkflowsModule,
    WorkflowsModule,
  ],
  providers: [
    AuditSealing,
    AlertJobs,
    ConfirmationJobs,
    DigestJobs,
    RescoringJobs,
    HousekeepingJobs,
    LearningJobs,
    OutboxJobs,
    PushJobs,
    ReachJobs,
    StockJobs,
    TaskJobs,
    TouchJobs,
  ],
})
export class JobsModule {}
