import { Module, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueModule, Catalogues, KnownFeatures } from '../catalogue/index.js';
import { FeaturesModule } from '../features/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { AlertBook } from './alert.js';
import { PostgresAlertBook } from './alerts.postgres.js';
import { Firings } from './firing.js';
import { PostgresFirings } from './firings.postgres.js';
import { AlertPeople } from './people.js';
import { PostgresAlertPeople } from './people.postgres.js';
import { TriggerRuleBook } from './rules/trigger-rule.js';
import { PostgresTriggerRuleBook, PostgresTriggerRules } from './rules/trigger-rules.postgres.js';
import { TriggerRules } from './rules/trigger-rules.js';
import { overdueRules } from './standard-rules.js';

@Module({
  imports: [CatalogueModule, FeaturesModule],
  providers: [
    {
      provide: TriggerRules,
      inject: [DataSource, Catalogues, KnownFeatures],
      useFactory: (database: DataSource, catalogues: Catalogues, features: KnownFeatures) =>
        new PostgresTriggerRules(database, catalogues, features),
    },
    {
      provide: TriggerRuleBook,
      inject: [DataSource, TriggerRules],
      useFactory: (database: DataSource, rules: PostgresTriggerRules) =>
        new PostgresTriggerRuleBook(database, rules),
    },
    {
      provide: Firings,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresFirings(database),
    },
    {
      provide: AlertBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresAlertBook(database),
    },
    {
      provide: AlertPeople,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresAlertPeople(database),
    },
  ],
  exports: [TriggerRules, TriggerRuleBook, Firings, AlertBook, AlertPeople],
})
export class AlertsModule implements OnModuleInit {
  constructor(
    private readonly book: TriggerRuleBook,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** A deployment that has never had a rule is told of what is overdue; the other standard rules are a choice. */
  async onModuleInit(): Promise<void> {
    await this.transactions.run((within) => this.book.begin(overdueRules, this.clock.now(), within));
  }
}
