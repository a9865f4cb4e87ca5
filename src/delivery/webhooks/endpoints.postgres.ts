import type { DataSource } from 'typeorm';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { type EndpointFields, type EndpointId, type WebhookEndpoint, WebhookEndpoints } from './endpoint.js';

const COLUMNS = `endpoint_id as "endpointId", url, event_types as "eventTypes", description, enabled,
  disabled_at as "disabledAt", disabled_because as "disabledBecause", failing_since as "failingSince",
  rests_until as "restsUntil", previous_secret_until as "previousSecretUntil", created_at as "createdAt",
  updated_at as "updatedAt"`;

export class PostgresWebhookEndpoints extends WebhookEndpoints {
  constructor(private readonly database: DataSource) {
    super();
  }

  async find(endpointId: EndpointId): Promise<WebhookEndpoint | undefined> {
    const [endpoint] = await this.database.query<WebhookEndpoint[]>(
      `select ${COLUMNS} from webhook_endpoints where endpoint_id = $1`,
      [endpointId],
    );
    return endpoint;
  }

  page(after: EndpointId | null, limit: number): Promise<WebhookEndpoint[]> {
    return this.database.query<WebhookEndpoint[]>(
      `select ${COLUMNS} from webhook_endpoints where $1::text is null or endpoint_id > $1
        order by endpoint_id limit $2`,
      [after, limit],
    );
  }

  async save(
    { endpointId, url, eventTypes, description }: EndpointFields,
    secret: string,
    at: Date,
    within: Transaction,
  ): Promise<boolean> {
    const [row] = await managerOf(within).query<{ created: boolean }[]>(
      `insert into webhook_endpoints as known
         (endpoint_id, url, event_types, description, secret, enabled, created_at, updated_at)
       values ($1, $2, $3, $4, $5, true, $6, $6)
       on conflict (endpoint_id) do update
         set url = excluded.url, event_types = excluded.event_types, description = excluded.description,
             updated_at = excluded.updated_at,
             rests_until = case when known.url = excluded.url then known.rests_until end
       returning secret = $5 as created`,
      [endpointId, url, eventTypes, description, secret, at],
    );
    return row?.created ?? false;
  }

  rotate(
    endpointId: EndpointId,
    secret: string,
    overlapUntil: Date,
    at: Date,
    within: Transaction,
  ): Promise<boolean> {
    return changed(
      within,
      `update webhook_endpoints
          set previous_secret = secret, previous_secret_until = $3, secret = $2, updated_at = $4
        where endpoint_id = $1 returning endpoint_id`,
      [endpointId, secret, overlapUntil, at],
    );
  }

  turn(endpointId: EndpointId, because: string | null, at: Date, within: Transaction): Promise<boolean> {
    return changed(
      within,
      `update webhook_endpoints
          set enabled = $2::text is null, disabled_because = $2,
              disabled_at = case when $2::text is null then null else $3::timestamptz end,
              failing_since = case when $2::text is null then null else failing_since end,
              rests_until = null, updated_at = $3
        where endpoint_id = $1 returning endpoint_id`,
      [endpointId, because, at],
    );
  }

  remove(endpointId: EndpointId, within: Transaction): Promise<boolean> {
    return changed(within, 'delete from webhook_endpoints where endpoint_id = $1 returning endpoint_id', [
      endpointId,
    ]);
  }
}

/** Whether the statement found a row. TypeORM answers updates and deletes as [rows, count]. */
async function changed(within: Transaction, sql: string, parameters: unknown[]): Promise<boolean> {
  const [rows] = await managerOf(within).query<[unknown[], number]>(sql, parameters);
  return rows.length > 0;
}
