import { Module } from '@nestjs/common';
import { RescoringModule } from '../rescoring/index.js';
import { ShardWork } from './shard-work.queue.js';

/** All that a process needs which only works on shards. */
@Module({ imports: [RescoringModule], providers: [ShardWork], exports: [ShardWork] })
export class ShardWorkModule {}
