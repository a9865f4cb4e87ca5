import {
  addDays,
  type Clock,
  HOUR,
  type Ids,
  type Transaction,
  type Transactions,
} from '../../shared/index.js';
import type { DeliveryLog, Replay } from './delivery-log.js';
import type { EndpointFields, EndpointId, WebhookEndpoint, WebhookEndpoints } from './endpoint.js';
import type { EndpointTrail } from './endpoint-trail.js';
import { freshSecret } from './signature.js';

/** Messages are kept so long for replays. */
export const MESSAGE_DAYS = 30;

export interface EditEndpointsParts {
  transactions: Transactions;
  endpoints: WebhookEndpoints;
  log: DeliveryLog;
  trail: EndpointTrail;
  clock: Clock;
  ids: Ids;
}

/** Changes of webhook endpoints, each with its entry in the audit trail. Undefined: there is no such endpoint. */
export class EditWebhookEndpoints {
  constructor(private readonly parts: EditEndpointsParts) {}

  /** Creates or replaces. The secret is told when it was created, and never again. */
  async save(
    fields: EndpointFields,
    actor: string,
  ): Promise<{ endpoint: WebhookEndpoint; secret: string | null }> {
    const { transactions, endpoints, clock } = this.parts;
    const secret = freshSecret();
    const created = await transactions.run(async (within) => {
      const isNew = await endpoints.save(fields, secret, clock.now(), within);
      await this.record(
        actor,
        'saved',
        fields.endpointId,
        { created: isNew, host: new URL(fields.url).host },
        within,
      );
      return isNew;
    });
    const endpoint = await endpoints.find(fields.endpointId);
    if (!endpoint) throw new Error(`Webhook endpoint ${fields.endpointId} was removed while it was saved`);
    return { endpoint, secret: created ? secret : null };
  }

  /** A new secret; the one until now signs beside it for the overlap. */
  rotateSecret(
    endpointId: EndpointId,
    overlapHours: number,
    actor: string,
  ): Promise<{ secret: string; previousSecretUntil: Date } | undefined> {
    const { transactions, endpoints, clock } = this.parts;
    return transactions.run(async (within) => {
      const at = clock.now();
      const secret = freshSecret();
      const previousSecretUntil = new Date(at.getTime() + overlapHours * HOUR);
      if (!(await endpoints.rotate(endpointId, secret, previousSecretUntil, at, within))) return undefined;
      await this.record(actor, 'secret-rotated', endpointId, { overlapHours }, within);
      return { secret, previousSecretUntil };
    });
  }

  /** `because` null: it is told again what waits, and what comes; what came in between is had by a replay. */
  async turn(
    endpointId: EndpointId,
    because: string | null,
    actor: string,
  ): Promise<WebhookEndpoint | undefined> {
    const { transactions, endpoints, clock } = this.parts;
    const known = await transactions.run(async (within) => {
      if (!(await endpoints.turn(endpointId, because, clock.now(), within))) return false;
      const action = because === null ? 'enabled' : 'disabled';
      await this.record(actor, action, endpointId, because === null ? {} : { because }, within);
      return true;
    });
    return known ? endpoints.find(endpointId) : undefined;
  }

  /** With its log. False when there is no such endpoint. */
  remove(endpointId: EndpointId, actor: string): Promise<boolean> {
    const { transactions, endpoints } = this.parts;
    return transactions.run(async (within) => {
      if (!(await endpoints.remove(endpointId, within))) return false;
      await this.record(actor, 'removed', endpointId, {}, within);
      return true;
    });
  }

  /** How many messages wait to be told again. */
  async replay(endpointId: EndpointId, replay: Replay, actor: string): Promise<number> {
    const { transactions, log, clock } = this.parts;
    return transactions.run(async (within) => {
      const queued = await log.replay(endpointId, replay, clock.now(), within);
      const { messageId, since } = replay;
      const detail = { queued, messageId, since: since?.toISOString() ?? null };
      await this.record(actor, 'replayed', endpointId, detail, within);
      return queued;
    });
  }

  /** Queues a test message and gives its id. */
  ping(endpointId: EndpointId): Promise<string> {
    const { transactions, log, clock, ids } = this.parts;
    const messageId = `msg_${ids.next()}`;
    return transactions.run(async (within) => {
      await log.ping(endpointId, messageId, clock.now(), within);
      return messageId;
    });
  }

  /** Forgets messages, deliveries and attempts that are too old for a replay. Gives how many messages went. */
  purge(limit: number): Promise<number> {
    return this.parts.log.purge(addDays(this.parts.clock.now(), -MESSAGE_DAYS), limit);
  }

  private record(
    actor: string,
    verb: string,
    endpointId: EndpointId,
    detail: Record<string, string | number | boolean | null>,
    within: Transaction,
  ): Promise<void> {
    const action = `webhook-endpoint.${verb}`;
    const change = { actor, action, subjectKind: 'webhook-endpoint', subjectId: endpointId, detail } as const;
    return this.parts.trail.record([change], within);
  }
}
