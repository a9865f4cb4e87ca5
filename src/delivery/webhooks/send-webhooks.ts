import { setMaxListeners } from 'node:events';
import {
  type Clock,
  type Ids,
  type Rng,
  SECOND,
  type Transaction,
  type Transactions,
} from '../../shared/index.js';
import type { AttemptCheck } from './attempt-check.js';
import type {
  ClaimedDelivery,
  Consequence,
  EndpointHealth,
  StoredMessage,
  WebhookDeliveries,
} from './deliveries.js';
import type { EndpointId, WebhookEndpoints } from './endpoint.js';
import type { EndpointTrail } from './endpoint-trail.js';
import { consequenceOf, reportOf } from './judge-answer.js';
import { GIVE_UP_AFTER_MILLISECONDS } from './schedule.js';
import { signedHeaders } from './signature.js';
import type { WebhookAnswer, WebhookSender } from './webhook-sender.js';

/** Attempts at once of one process: to one endpoint, to one that is failing, and to all. */
const PER_ENDPOINT = 8;
const PER_FAILING_ENDPOINT = 1;
const IN_ALL = 256;

export type AttemptOutcome =
  'delivered' | 'rejected' | Exclude<WebhookAnswer['kind'], 'answered' | 'stopped'>;

/** Who is told of what happens, for logs and figures. */
export interface WebhookWatch {
  attempted(outcome: AttemptOutcome): void;
  disabled(endpointId: EndpointId, because: string): void;
  /** Something of ours failed; the message is tried again when its claim is over. */
  troubled(cause: unknown): void;
}

export interface SendWebhooksParts {
  transactions: Transactions;
  deliveries: WebhookDeliveries;
  endpoints: WebhookEndpoints;
  sender: WebhookSender;
  check: AttemptCheck;
  trail: EndpointTrail;
  watch: WebhookWatch;
  clock: Clock;
  ids: Ids;
  rng: Rng;
  timeoutMilliseconds: number;
}

/**
 * Tells endpoints what waits for them: claims, sends outside any transaction, marks. Whoever dies in between leaves a
 * claim that runs out, and the message is sent again under its id.
 */
export class SendWebhooks {
  private readonly underWay = new Map<EndpointId, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: SendWebhooksParts) {
    // each attempt under way listens to it
    setMaxListeners(IN_ALL, this.stopping.signal);
  }

  /** Makes every attempt that is due and waits for the answers. Gives the number of attempts. */
  async runDue(at: Date): Promise<number> {
    for (let attempts = 0; ;) {
      const begun = await this.begin(at);
      if (begun.length === 0) return attempts;
      attempts += begun.length;
      await Promise.all(begun);
    }
  }

  /** Begins the attempts that are due, as far as there is room, and gives their ends, which never reject. */
  async begin(at: Date): Promise<Promise<void>[]> {
    const total = IN_ALL - this.running.size;
    if (total <= 0 || this.stopping.signal.aborted) return [];
    const { deliveries, ids, timeoutMilliseconds } = this.parts;
    const leaseUntil = new Date(at.getTime() + 1.5 * timeoutMilliseconds + SECOND);
    const claimed = await deliveries.claim(at, leaseUntil, ids.next(), {
      underWay: this.underWay,
      perEndpoint: PER_ENDPOINT,
      perFailingEndpoint: PER_FAILING_ENDPOINT,
      total,
    });
    return claimed.map((delivery) => this.follow(delivery, at));
  }

  /** Lets attempts under way end for a while, then breaks them off; those are due again at once. */
  async stop(graceMilliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), graceMilliseconds);
    await Promise.all(this.running);
    clearTimeout(timer);
    this.stopping.abort();
  }

  private follow(delivery: ClaimedDelivery, at: Date): Promise<void> {
    const { endpointId } = delivery;
    this.underWay.set(endpointId, (this.underWay.get(endpointId) ?? 0) + 1);
    const end = this.attempt(delivery, at)
      .catch((cause: unknown) => this.parts.watch.troubled(cause))
      .finally(() => {
        this.running.delete(end);
        const left = (this.underWay.get(endpointId) ?? 1) - 1;
        if (left > 0) this.underWay.set(endpointId, left);
        else this.underWay.delete(endpointId);
      });
    this.running.add(end);
    return end;
  }

  private async attempt(delivery: ClaimedDelivery, at: Date): Promise<void> {
    const { deliveries, check, sender, clock, rng, watch } = this.parts;
    const { message, secrets, url } = delivery;
    if (message.notAfter && message.notAfter <= at)
      return deliveries.end(delivery, 'expired', 'it came too late to be told');
    const verdict = await check.check(message, at);
    if (!verdict.allowed) return deliveries.end(delivery, 'cancelled', verdict.because);
    const body = bodyOf(message);
    const headers = signedHeaders(secrets, message.messageId, at, body);
    const answer = await sender.send({ url, headers, body, signal: this.stopping.signal });
    if (answer.kind === 'stopped') return deliveries.release(delivery, at);
    const consequence = consequenceOf(answer, delivery, clock.now(), rng);
    watch.attempted(outcomeOf(answer, consequence));
    await this.mark(delivery, answer, consequence, at);
  }

  private async mark(
    delivery: ClaimedDelivery,
    answer: WebhookAnswer,
    consequence: Consequence,
    at: Date,
  ): Promise<void> {
    const { transactions, deliveries, watch } = this.parts;
    const because = await transactions.run(async (within) => {
      const health = await deliveries.mark(delivery, reportOf(answer, at), consequence, within);
      const reason = reasonToDisable(health, consequence, at);
      if (reason !== null) await this.disable(delivery.endpointId, reason, at, within);
      return reason;
    });
    if (because !== null) watch.disabled(delivery.endpointId, because);
  }

  private async disable(
    endpointId: EndpointId,
    because: string,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    const { endpoints, trail } = this.parts;
    await endpoints.turn(endpointId, because, at, within);
    const action = 'webhook-endpoint.disabled';
    await trail.record(
      [
        {
          actor: 'system',
          action,
          subjectKind: 'webhook-endpoint',
          subjectId: endpointId,
          detail: { because },
        },
      ],
      within,
    );
  }
}

/** The text that is sent and signed: the same at every attempt. */
function bodyOf({ type, occurredAt, data }: StoredMessage): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
}

function outcomeOf(answer: WebhookAnswer, { state }: Consequence): AttemptOutcome {
  if (state === 'delivered') return 'delivered';
  return answer.kind === 'answered' || answer.kind === 'stopped' ? 'rejected' : answer.kind;
}

function reasonToDisable(
  { enabled, failingSince }: EndpointHealth,
  consequence: Consequence,
  at: Date,
): string | null {
  if (!enabled) return null;
  if ('disable' in consequence && consequence.disable) return consequence.disable;
  if (failingSince && at.getTime() - failingSince.getTime() >= GIVE_UP_AFTER_MILLISECONDS)
    return `every attempt has failed since ${failingSince.toISOString()}`;
  return null;
}
