import { Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { PostgresOutbox } from './outbox.postgres.js';
import { StreamModule } from './stream/stream.module.js';

@Module({
  imports: [StreamModule],
  providers: [{ provide: Outbox, useClass: PostgresOutbox }],
  exports: [StreamModule, Outbox],
})
export class DeliveryModule {}
