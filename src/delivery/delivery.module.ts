import { Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { PostgresOutbox } from './outbox.postgres.js';

@Module({
  providers: [{ provide: Outbox, useClass: PostgresOutbox }],
  exports: [Outbox],
})
export class DeliveryModule {}
