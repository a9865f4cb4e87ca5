import { Logger, Module, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../shared/index.js';
import { DigestsModule } from './digests/digests.module.js';
import { MailModule } from './mail/mail.module.js';
import { type MessageSink, Outbox } from './outbox.js';
import { PostgresOutbox } from './outbox.postgres.js';
import { PushModule } from './push/push.module.js';
import { PushSink } from './push/push-sink.postgres.js';
import { OutboxRelay, WaitingMessages } from './relay.js';
import { PostgresWaitingMessages } from './relay.postgres.js';
import { StreamModule } from './stream/stream.module.js';
import { PostgresStreamSink } from './stream/stream-sink.postgres.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WebhookSink } from './webhooks/webhook-sink.postgres.js';

/** Every way out of the outbox, in the order in which each takes a message. A new one: its class here, its module below. */
const sinks: Type<MessageSink>[] = [PostgresStreamSink, WebhookSink, PushSink];

const SINKS = Symbol('MessageSink[]');
const log = new Logger('outbox');

@Module({
  imports: [DigestsModule, MailModule, PushModule, StreamModule, WebhooksModule],
  providers: [
    { provide: Outbox, useClass: PostgresOutbox },
    { provide: SINKS, inject: sinks, useFactory: (...ready: MessageSink[]) => ready },
    {
      provide: WaitingMessages,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresWaitingMessages(database),
    },
    {
      provide: OutboxRelay,
      inject: [Transactions, WaitingMessages, SINKS],
      useFactory: (transactions: Transactions, waiting: WaitingMessages, ready: MessageSink[]) =>
        new OutboxRelay({
          transactions,
          waiting,
          sinks: ready,
          failed: (messageId, cause) =>
            log.error(`message ${messageId} could not be handed over: ${String(cause)}`),
        }),
    },
  ],
  exports: [
    DigestsModule,
    MailModule,
    PushModule,
    StreamModule,
    WebhooksModule,
    Outbox,
    OutboxRelay,
    WaitingMessages,
  ],
})
export class DeliveryModule {}
