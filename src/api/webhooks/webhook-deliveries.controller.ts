import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import {
  DeliveryLog,
  EditWebhookEndpoints,
  type EndpointId,
  type LoggedDelivery,
  type LogQuery,
  type WebhookEndpoint,
  WebhookEndpoints,
} from '../../delivery/index.js';
import { actorOf } from '../catalogue/actor.js';
import { Lists, Resource } from '../catalogue/api-docs.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { conflict, invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { ensureMayManage } from './ensure-may-manage.js';
import { DeliveriesQuery, DeliveryView, MessageReplayBody } from './webhook.dto.js';

/** What a receiver was told, and telling it again. */
@Resource('webhooks')
@Controller('api/v1/webhook-endpoints/:endpointId')
export class WebhookDeliveriesController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly log: DeliveryLog,
    private readonly edit: EditWebhookEndpoints,
  ) {}

  @Get('deliveries')
  @RequireScopes('read', 'catalogue', 'audit')
  @Lists(DeliveryView, 'What it was told or is to be told, with every attempt; newest first.')
  async deliveries(
    @Param('endpointId') endpointId: EndpointId,
    @Query() query: DeliveriesQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<LoggedDelivery>> {
    await this.find(endpointId, caller);
    const deliveries = await this.log.page({
      endpointId,
      state: query.state ?? null,
      messageId: query.messageId ?? null,
      before: positionOf(readCursor(query.cursor)),
      limit: query.limit + 1,
    });
    return pageOf(
      deliveries,
      query.limit,
      ({ createdAt, messageId }) => [createdAt.toISOString(), messageId],
      (delivery) => delivery,
    );
  }

  @Post('replays')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScopes('catalogue')
  @ApiOperation({
    summary: 'Tell one message again, or all since a time.',
    description:
      'Under their own ids, by the whole schedule anew. What need not be told any more is left out. Messages are kept for 30 days.',
  })
  async replay(
    @Param('endpointId') endpointId: EndpointId,
    @Body() body: MessageReplayBody,
    @CurrentCaller() caller: Caller,
  ): Promise<{ queued: number }> {
    const { messageId = null, since = null, until = null, onlyUndelivered = false } = body;
    if ((messageId === null) === (since === null))
      throw invalidFields([{ pointer: '/since', detail: 'name either a messageId or a time to begin from' }]);
    if (until && (!since || until <= since))
      throw invalidFields([{ pointer: '/until', detail: 'must be later than since' }]);
    await this.findEnabled(endpointId, caller);
    const replay = { messageId, since, until, onlyUndelivered };
    const queued = await this.edit.replay(endpointId, replay, actorOf(caller));
    if (messageId !== null && queued === 0) throw unknownId('message to be told', messageId);
    return { queued };
  }

  @Post('test-pings')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScopes('catalogue')
  @ApiOperation({ summary: 'Send a test message, of type webhook.ping; the log shows how it went.' })
  async ping(
    @Param('endpointId') endpointId: EndpointId,
    @CurrentCaller() caller: Caller,
  ): Promise<{ messageId: string }> {
    await this.findEnabled(endpointId, caller);
    return { messageId: await this.edit.ping(endpointId) };
  }

  private async findEnabled(endpointId: EndpointId, caller: Caller): Promise<void> {
    const { enabled, disabledBecause } = await this.find(endpointId, caller);
    if (!enabled)
      throw conflict(
        `This endpoint is disabled (${disabledBecause}). Enable it first: POST /api/v1/webhook-endpoints/${endpointId}/activations`,
      );
  }

  private async find(endpointId: EndpointId, caller: Caller): Promise<WebhookEndpoint> {
    ensureMayManage(caller);
    const endpoint = await this.endpoints.find(endpointId);
    if (!endpoint) throw unknownId('webhook endpoint', endpointId);
    return endpoint;
  }
}

function positionOf(cursor: unknown): LogQuery['before'] {
  if (cursor === undefined) return null;
  const [at, messageId] = Array.isArray(cursor) ? cursor : [];
  const createdAt = new Date(typeof at === 'string' ? at : NaN);
  if (typeof messageId === 'string' && !Number.isNaN(createdAt.getTime())) return { createdAt, messageId };
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
