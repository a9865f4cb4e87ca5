import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type Config, CONFIG } from '../../config.js';
import {
  EditWebhookEndpoints,
  type EndpointId,
  endpointUrlProblem,
  type MessageType,
  type WebhookEndpoint,
  WebhookEndpoints,
} from '../../delivery/index.js';
import { isId } from '../../shared/index.js';
import { actorOf } from '../catalogue/actor.js';
import { Lists, Removes, Resource, Saves, Shows } from '../catalogue/api-docs.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { ensureMayManage } from './ensure-may-manage.js';
import {
  DeactivationBody,
  EndpointBody,
  EndpointView,
  RotationBody,
  SavedEndpointView,
} from './webhook.dto.js';

const DEFAULT_OVERLAP_HOURS = 24;

interface RotationAnswer {
  secret: string;
  previousSecretUntil: Date;
}

@Resource('webhooks')
@Controller('api/v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly edit: EditWebhookEndpoints,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @RequireScopes('read', 'catalogue', 'audit')
  @Lists(EndpointView, 'Receivers of webhooks, by id.')
  async list(@Query() query: PageQuery, @CurrentCaller() caller: Caller): Promise<Page<WebhookEndpoint>> {
    ensureMayManage(caller);
    const after = readCursor(query.cursor);
    if (after !== undefined && !isId(after))
      throw invalidFields([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
    const endpoints = await this.endpoints.page((after ?? null) as EndpointId | null, query.limit + 1);
    return pageOf(
      endpoints,
      query.limit,
      ({ endpointId }) => endpointId,
      (endpoint) => endpoint,
    );
  }

  @Get(':endpointId')
  @RequireScopes('read', 'catalogue', 'audit')
  @Shows(EndpointView, 'One receiver; never its secret.')
  async get(
    @Param('endpointId') endpointId: EndpointId,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookEndpoint> {
    ensureMayManage(caller);
    return known(endpointId, await this.endpoints.find(endpointId));
  }

  @Put(':endpointId')
  @RequireScopes('catalogue')
  @Saves(
    SavedEndpointView,
    'Create or replace a receiver. The secret is shown when it is created, and never again.',
  )
  async put(
    @Param('endpointId') endpointId: EndpointId,
    @Body() { url, eventTypes = [], description = '' }: EndpointBody,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookEndpoint & { secret: string | null }> {
    ensureMayManage(caller);
    if (!isId(endpointId))
      throw invalidFields([{ pointer: '/endpointId', detail: 'must have 1 to 128 characters' }]);
    const problem = endpointUrlProblem(url, this.config.webhookAllowPrivate);
    if (problem) throw invalidFields([{ pointer: '/url', detail: problem }]);
    const types = [...new Set(eventTypes)] as MessageType[];
    const fields = { endpointId, url: new URL(url).href, eventTypes: types, description };
    const { endpoint, secret } = await this.edit.save(fields, actorOf(caller));
    return { ...endpoint, secret };
  }

  @Delete(':endpointId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a receiver, what waits for it, and its log.')
  async remove(@Param('endpointId') endpointId: EndpointId, @CurrentCaller() caller: Caller): Promise<void> {
    ensureMayManage(caller);
    if (!(await this.edit.remove(endpointId, actorOf(caller)))) throw unknownEndpoint(endpointId);
  }

  @Post(':endpointId/secret-rotations')
  @HttpCode(HttpStatus.CREATED)
  @RequireScopes('catalogue')
  async rotate(
    @Param('endpointId') endpointId: EndpointId,
    @Body() body: RotationBody,
    @CurrentCaller() caller: Caller,
  ): Promise<RotationAnswer> {
    ensureMayManage(caller);
    const hours = body.overlapHours ?? DEFAULT_OVERLAP_HOURS;
    return known(endpointId, await this.edit.rotateSecret(endpointId, hours, actorOf(caller)));
  }

  @Post(':endpointId/deactivations')
  @HttpCode(HttpStatus.CREATED)
  @RequireScopes('catalogue')
  @Saves(EndpointView, 'Tell it nothing any more. What waits stays; what comes meanwhile is had by a replay.')
  async deactivate(
    @Param('endpointId') endpointId: EndpointId,
    @Body() body: DeactivationBody,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookEndpoint> {
    ensureMayManage(caller);
    const because = body.reason ?? 'by hand';
    return known(endpointId, await this.edit.turn(endpointId, because, actorOf(caller)));
  }

  @Post(':endpointId/activations')
  @HttpCode(HttpStatus.CREATED)
  @RequireScopes('catalogue')
  @Saves(EndpointView, 'Tell it again.')
  async activate(
    @Param('endpointId') endpointId: EndpointId,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookEndpoint> {
    ensureMayManage(caller);
    return known(endpointId, await this.edit.turn(endpointId, null, actorOf(caller)));
  }
}

function unknownEndpoint(endpointId: string): Error {
  return unknownId('webhook endpoint', endpointId);
}

function known<Value>(endpointId: EndpointId, value: Value | undefined): Value {
  if (value === undefined) throw unknownEndpoint(endpointId);
  return value;
}
