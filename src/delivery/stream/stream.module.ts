import {
  type BeforeApplicationShutdown,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config.js';
import { LiveStream } from './live-stream.js';
import { StreamBell, StreamRinger } from './stream-bell.js';
import { PostgresStreamBell, PostgresStreamRinger } from './stream-bell.postgres.js';
import { RedisStreamBell, RedisStreamRinger } from './stream-bell.redis.js';
import { StreamLog } from './stream-log.js';
import { PostgresStreamLog } from './stream-log.postgres.js';
import { PostgresStreamSink } from './stream-sink.postgres.js';

const logger = new Logger('stream');
const report = (cause: unknown): void => logger.warn(cause);

/** The live stream: the sink that publishes, and the reading side of this process. */
@Module({
  providers: [
    {
      provide: StreamRinger,
      inject: [CONFIG],
      useFactory: ({ redisUrl }: Config): StreamRinger =>
        redisUrl === null ? new PostgresStreamRinger() : new RedisStreamRinger(redisUrl, report),
    },
    {
      provide: StreamBell,
      inject: [CONFIG],
      useFactory: ({ redisUrl, databaseUrl }: Config): StreamBell => {
        if (redisUrl !== null) return new RedisStreamBell(redisUrl, report);
        if (databaseUrl === null) throw new Error('The stream needs the address of the database');
        return new PostgresStreamBell(databaseUrl, report);
      },
    },
    {
      provide: PostgresStreamSink,
      inject: [StreamRinger],
      useFactory: (ringer: StreamRinger) => new PostgresStreamSink(ringer),
    },
    {
      provide: StreamLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresStreamLog(database),
    },
    {
      provide: LiveStream,
      inject: [StreamLog, StreamBell],
      useFactory: (log: StreamLog, bell: StreamBell) => new LiveStream(log, bell, report),
    },
  ],
  exports: [PostgresStreamSink, StreamLog, LiveStream],
})
export class StreamModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(LiveStream) private readonly live: LiveStream,
    @Inject(StreamRinger) private readonly ringer: StreamRinger,
  ) {}

  /** Before the server waits for its requests: open streams would never end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.live.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ringer.close();
  }
}
