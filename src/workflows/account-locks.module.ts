import { Module } from '@nestjs/common';
import { AccountLocks } from './account-locks.js';
import { PostgresAccountLocks } from './account-locks.postgres.js';

@Module({
  providers: [{ provide: AccountLocks, useClass: PostgresAccountLocks }],
  exports: [AccountLocks],
})
export class AccountLocksModule {}
