import { OutboxRelay, SendPushes } from '../../src/delivery/index.js';
import type { Browser } from './push-service.js';
import type { TestService } from './service.js';

/** Hands over what is in the outbox, and rings at what is due, as the worker does. Gives the attempts taken in hand. */
export async function ring(service: TestService): Promise<number> {
  const at = service.clock.now();
  await service.app.get(OutboxRelay, { strict: false }).runDue(at);
  return service.app.get(SendPushes, { strict: false }).runDue(at);
}

/** Registers a browser for the member of a key; gives its id. */
export async function subscribe(
  service: TestService,
  authorization: string,
  browser: Browser,
  more: object = {},
): Promise<string> {
  const answer = await service.http
    .post('/api/v1/push/subscriptions')
    .set({ authorization })
    .send({ ...browser.toJSON(), ...more });
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return (answer.body as { subscriptionId: string }).subscriptionId;
}

/** What became of each push of a browser, oldest first. */
export function pushesOf(
  service: TestService,
  subscriptionId: string,
): Promise<
  {
    kind: string;
    state: string;
    attempts: number;
    because: string | null;
    title: string | null;
    next: Date | null;
  }[]
> {
  return service.database.query(
    `select kind, state, attempts, because, title, next_attempt_at as next from push_deliveries
      where subscription_id = $1 order by created_at, message_id`,
    [subscriptionId],
  );
}
