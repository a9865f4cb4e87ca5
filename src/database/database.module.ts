import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../shared/index.js';
import { PostgresTransactions } from './transactions.postgres.js';

/** Everything below gets the connected data source and the transactions over it. */
@Module({})
export class DatabaseModule {
  static for(database: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: DataSource, useValue: database },
        { provide: Transactions, useValue: new PostgresTransactions(database) },
      ],
      exports: [DataSource, Transactions],
    };
  }
}
