import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { DeliveryModule } from '../delivery/index.js';
import { EventsModule } from '../events/index.js';
import { RescoringModule } from '../rescoring/index.js';
import { HousekeepingJobs } from './housekeeping.queue.js';
import { OutboxJobs } from './outbox-relay.queue.js';
import { RescoringJobs } from './rescoring.queue.js';

/** What runs by itself, in processes that work. */
@Module({
  imports: [ScheduleModule.forRoot(), DeliveryModule, EventsModule, RescoringModule],
  providers: [RescoringJobs, HousekeepingJobs, OutboxJobs],
})
export class JobsModule {}
