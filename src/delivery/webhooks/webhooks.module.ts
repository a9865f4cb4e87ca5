import { Logger, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../../config.js';
import { Clock, freshSeed, Ids, SECOND, seededRng, Transactions } from '../../shared/index.js';
import { AllowEveryAttempt, AttemptCheck } from './attempt-check.js';
import { WebhookDeliveries } from './deliveries.js';
import { PostgresWebhookDeliveries } from './deliveries.postgres.js';
import { DeliveryLog } from './delivery-log.js';
import { PostgresDeliveryLog } from './delivery-log.postgres.js';
import { EditWebhookEndpoints } from './edit-endpoints.js';
import { WebhookEndpoints } from './endpoint.js';
import { EndpointTrail } from './endpoint-trail.js';
import { PostgresWebhookEndpoints } from './endpoints.postgres.js';
import { SendWebhooks, type WebhookWatch } from './send-webhooks.js';
import { countAttempt } from './webhook-metrics.js';
import { WebhookSender } from './webhook-sender.js';
import { HttpWebhookSender } from './webhook-sender.http.js';
import { WebhookSink } from './webhook-sink.postgres.js';

const log = new Logger('webhooks');
const watch: WebhookWatch = {
  attempted: countAttempt,
  disabled: (endpointId, because) => log.warn(`endpoint ${endpointId} was disabled: ${because}`),
  troubled: (cause) => log.error(cause),
};

/** `EndpointTrail` and, where something is to be checked, `AttemptCheck` are filled by global modules of workflows. */
@Module({
  providers: [
    WebhookSink,
    {
      provide: WebhookEndpoints,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresWebhookEndpoints(database),
    },
    {
      provide: WebhookDeliveries,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresWebhookDeliveries(database),
    },
    {
      provide: DeliveryLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDeliveryLog(database),
    },
    {
      provide: WebhookSender,
      inject: [CONFIG],
      useFactory: ({ webhookTimeoutSeconds, webhookAllowPrivate }: Config) =>
        new HttpWebhookSender({
          timeoutMilliseconds: webhookTimeoutSeconds * SECOND,
          allowPrivate: webhookAllowPrivate,
        }),
    },
    {
      provide: EditWebhookEndpoints,
      inject: [Transactions, WebhookEndpoints, DeliveryLog, EndpointTrail, Clock, Ids],
      useFactory: (
        transactions: Transactions,
        endpoints: WebhookEndpoints,
        deliveryLog: DeliveryLog,
        trail: EndpointTrail,
        clock: Clock,
        ids: Ids,
      ) => new EditWebhookEndpoints({ transactions, endpoints, log: deliveryLog, trail, clock, ids }),
    },
    {
      provide: SendWebhooks,
      inject: [
        Transactions,
        WebhookDeliveries,
        WebhookEndpoints,
        WebhookSender,
        EndpointTrail,
        Clock,
        Ids,
        CONFIG,
        { token: AttemptCheck, optional: true },
      ],
      useFactory: (
        transactions: Transactions,
        deliveries: WebhookDeliveries,
        endpoints: WebhookEndpoints,
        sender: WebhookSender,
        trail: EndpointTrail,
        clock: Clock,
        ids: Ids,
        { webhookTimeoutSeconds }: Config,
        check: AttemptCheck = new AllowEveryAttempt(),
      ) =>
        new SendWebhooks({
          transactions,
          deliveries,
          endpoints,
          sender,
          check,
          trail,
          watch,
          clock,
          ids,
          rng: seededRng(freshSeed()),
          timeoutMilliseconds: webhookTimeoutSeconds * SECOND,
        }),
    },
  ],
  exports: [WebhookSink, WebhookEndpoints, DeliveryLog, EditWebhookEndpoints, SendWebhooks],
})
export class WebhooksModule {}
