import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../../config.js';
import { ownSecret } from '../../consent/index.js';
import { DigestLinks } from './digest-links.js';
import { DigestSettings } from './digest-setting.js';
import { PostgresDigestSettings } from './digest-settings.postgres.js';
import { Digests } from './digests.js';
import { PostgresDigests } from './digests.postgres.js';

/** What members said of their digests, and which were sent. */
@Module({
  providers: [
    {
      provide: DigestSettings,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDigestSettings(database),
    },
    {
      provide: Digests,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDigests(database),
    },
    {
      provide: DigestLinks,
      inject: [DataSource, CONFIG],
      useFactory: async (database: DataSource, { publicUrl, host, port, linkSecret }: Config) =>
        new DigestLinks(
          publicUrl ?? `http://${host}:${port}`,
          linkSecret ?? (await ownSecret(database, 'digest-links')),
        ),
    },
  ],
  exports: [DigestSettings, Digests, DigestLinks],
})
export class DigestsModule {}
