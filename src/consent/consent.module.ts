import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../config.js';
import { ConsentLedger } from './consent.js';
import { PostgresConsentLedger } from './consent-ledger.postgres.js';
import { ownSecret } from './links/own-secret.postgres.js';
import { PreferenceLinks } from './links/preference-links.js';
import { Confirmations } from './preferences/confirmation.js';
import { PostgresConfirmations } from './preferences/confirmations.postgres.js';
import { SignedPreferenceLinks } from './links/signed-links.js';

@Module({
  providers: [
    {
      provide: ConsentLedger,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresConsentLedger(database),
    },
    {
      provide: Confirmations,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresConfirmations(database),
    },
    {
      provide: PreferenceLinks,
      inject: [DataSource, CONFIG],
      useFactory: async (database: DataSource, { publicUrl, host, port, linkSecret }: Config) =>
        new SignedPreferenceLinks(
          publicUrl ?? `http://${host}:${port}`,
          linkSecret ?? (await ownSecret(database, 'preference-links')),
        ),
    },
  ],
  exports: [ConsentLedger, PreferenceLinks, Confirmations],
})
export class ConsentModule {}
