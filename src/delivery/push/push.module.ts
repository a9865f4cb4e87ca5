import { Logger, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../../config.js';
import { ownSecret } from '../../consent/index.js';
import { Clock, freshSeed, Ids, SECOND, seededRng } from '../../shared/index.js';
import { HttpWebhookSender } from '../webhooks/webhook-sender.http.js';
import { PushCheck, RingAlways } from './push-check.js';
import { PushDeliveries } from './push-deliveries.js';
import { PostgresPushDeliveries } from './push-deliveries.postgres.js';
import { PushDevices } from './push-devices.js';
import { countPush } from './push-metrics.js';
import { PushSender } from './push-sender.js';
import { PushSink } from './push-sink.postgres.js';
import { PushSubscriptions } from './push-subscription.js';
import { PostgresPushSubscriptions } from './push-subscriptions.postgres.js';
import { SendPushes } from './send-pushes.js';
import { freshVapidKey, type VapidKeys, vapidKeysOf } from './vapid-keys.js';
import { vapidSubject } from './vapid-subject.js';
import { WebPushSender } from './web-push-sender.http.js';

const VAPID = Symbol('VapidKeys');
const log = new Logger('push');

/** Where something is to be asked before it rings, `PushCheck` is filled by a global module of workflows. */
@Module({
  providers: [
    PushSink,
    {
      provide: VAPID,
      inject: [DataSource],
      useFactory: async (database: DataSource): Promise<VapidKeys> =>
        vapidKeysOf(await ownSecret(database, 'web-push', freshVapidKey)),
    },
    {
      provide: PushSubscriptions,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresPushSubscriptions(database),
    },
    {
      provide: PushDeliveries,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresPushDeliveries(database),
    },
    {
      provide: PushSender,
      inject: [VAPID, CONFIG],
      useFactory: (keys: VapidKeys, config: Config) => {
        const { webhookTimeoutSeconds, webhookAllowPrivate: allowPrivate } = config;
        const timeoutMilliseconds = webhookTimeoutSeconds * SECOND;
        const client = new HttpWebhookSender({ timeoutMilliseconds, allowPrivate });
        return new WebPushSender(client, keys, vapidSubject(config));
      },
    },
    {
      provide: PushDevices,
      inject: [PushSubscriptions, PushDeliveries, VAPID, CONFIG, Clock, Ids],
      useFactory: (
        subscriptions: PushSubscriptions,
        deliveries: PushDeliveries,
        { publicKey }: VapidKeys,
        { webhookAllowPrivate: allowPrivate }: Config,
        clock: Clock,
        ids: Ids,
      ) => new PushDevices({ subscriptions, deliveries, publicKey, allowPrivate, clock, ids }),
    },
    {
      provide: SendPushes,
      inject: [PushDeliveries, PushSender, Clock, Ids, CONFIG, { token: PushCheck, optional: true }],
      useFactory: (
        deliveries: PushDeliveries,
        sender: PushSender,
        clock: Clock,
        ids: Ids,
        { webhookTimeoutSeconds }: Config,
        check: PushCheck = new RingAlways(),
      ) =>
        new SendPushes({
          deliveries,
          sender,
          check,
          watch: { ended: countPush, troubled: (cause) => log.error(cause) },
          clock,
          ids,
          rng: seededRng(freshSeed()),
          timeoutMilliseconds: webhookTimeoutSeconds * SECOND,
        }),
    },
  ],
  exports: [PushSink, PushDeliveries, PushDevices, SendPushes],
})
export class PushModule {}
