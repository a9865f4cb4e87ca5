import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { EventsModule } from '../events/index.js';
import { RescoringModule } from '../rescoring/index.js';
import { HousekeepingJobs } from './housekeeping.queue.js';
import { RescoringJobs } from './rescoring.queue.js';

/** What runs by itself, in processes that work. */
@Module({
  imports: [ScheduleModule.forRoot(), EventsModule, RescoringModule],
  providers: [RescoringJobs, HousekeepingJobs],
})
export class JobsModule {}
