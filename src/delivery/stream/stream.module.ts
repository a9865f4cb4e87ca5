import { type BeforeApplicationShutdown, Logger, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config.js';
import { LiveStream } from './live-stream.js';
import { PostgresStreamBell } from './stream-bell.postgres.js';
import { StreamLog } from './stream-log.js';
import { PostgresStreamLog } from './stream-log.postgres.js';
import { PostgresStreamSink } from './stream-sink.postgres.js';

/** The live stream: the sink that publishes, and the reading side of this process. */
@Module({
  providers: [
    PostgresStreamSink,
    {
      provide: StreamLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresStreamLog(database),
    },
    {
      provide: LiveStream,
      inject: [StreamLog, CONFIG],
      useFactory: (log: StreamLog, { databaseUrl }: Config) => {
        if (databaseUrl === null) throw new Error('The stream needs the address of the database');
        const logger = new Logger('stream');
        const report = (cause: unknown): void => logger.warn(cause);
        return new LiveStream(log, new PostgresStreamBell(databaseUrl, report), report);
      },
    },
  ],
  exports: [PostgresStreamSink, StreamLog, LiveStream],
})
export class StreamModule implements BeforeApplicationShutdown {
  constructor(private readonly live: LiveStream) {}

  /** Before the server waits for its requests: open streams would never end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.live.close();
  }
}
