import { Module, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../shared/index.js';
import { ContactRuleBook } from './contact-rule-book.js';
import { PostgresContactRuleBook, PostgresContactRules } from './contact-rules.postgres.js';
import { ContactRules } from './rule.js';
import { standardRules } from './standard-rules.js';

@Module({
  providers: [
    {
      provide: ContactRules,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresContactRules(database),
    },
    {
      provide: ContactRuleBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresContactRuleBook(database),
    },
  ],
  exports: [ContactRules, ContactRuleBook],
})
export class ContactPolicyModule implements OnModuleInit {
  constructor(
    private readonly book: ContactRuleBook,
    private readonly transactions: Transactions,
  ) {}

  /** A deployment that has never had a rule gets the standard ones; one whose rules were all removed keeps none. */
  async onModuleInit(): Promise<void> {
    await this.transactions.run((within) => this.book.begin(standardRules, within));
  }
}
