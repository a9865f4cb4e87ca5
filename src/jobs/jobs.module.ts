import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { RescoringModule } from '../rescoring/index.js';
import { RescoringJobs } from './rescoring.queue.js';

/** What runs by itself, in processes that work. */
@Module({
  imports: [ScheduleModule.forRoot(), RescoringModule],
  providers: [RescoringJobs],
})
export class JobsModule {}
