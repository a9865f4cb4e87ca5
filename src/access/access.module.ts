import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Transactions } from '../shared/index.js';
import { AuditChain } from './audit-chain.js';
import { PostgresAuditChain } from './audit-chain.postgres.js';
import { PostgresAuditTrail } from './audit-trail.postgres.js';
import { AuditTrail } from './audit-trail.js';
import { KeptAnswers } from './kept-answers.js';
import { PostgresKeptAnswers } from './kept-answers.postgres.js';
import { Keys } from './keys.js';
import { PostgresKeys } from './keys.postgres.js';
import { Sessions } from './sessions.js';
import { PostgresSessions } from './sessions.postgres.js';
import { SignInLinks } from './sign-in-links.js';
import { PostgresSignInLinks } from './sign-in-links.postgres.js';

@Module({
  providers: [
    {
      provide: AuditTrail,
      inject: [DataSource, Clock],
      useFactory: (database: DataSource, clock: Clock) => new PostgresAuditTrail(database, clock),
    },
    {
      provide: Keys,
      inject: [DataSource, Transactions, AuditTrail, Clock],
      useFactory: (...deps: ConstructorParameters<typeof PostgresKeys>) => new PostgresKeys(...deps),
    },
    {
      provide: AuditChain,
      inject: [DataSource, Transactions],
      useFactory: (...deps: ConstructorParameters<typeof PostgresAuditChain>) =>
        new PostgresAuditChain(...deps),
    },
    {
      provide: KeptAnswers,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresKeptAnswers(database),
    },
    {
      provide: SignInLinks,
      inject: [DataSource, Transactions, AuditTrail, Clock],
      useFactory: (...deps: ConstructorParameters<typeof PostgresSignInLinks>) =>
        new PostgresSignInLinks(...deps),
    },
    {
      provide: Sessions,
      inject: [DataSource, Transactions, AuditTrail, Clock],
      useFactory: (...deps: ConstructorParameters<typeof PostgresSessions>) => new PostgresSessions(...deps),
    },
  ],
  exports: [AuditChain, AuditTrail, KeptAnswers, Keys, SignInLinks, Sessions],
})
export class AccessModule {}
