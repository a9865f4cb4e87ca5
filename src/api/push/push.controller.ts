import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import {
  type DeviceRefused,
  MOST_SUBSCRIPTIONS,
  PushDevices,
  type PushSubscriptionId,
} from '../../delivery/index.js';
import { isId } from '../../shared/index.js';
import { ownMember } from '../http/own-member.js';
import { conflict, invalidFields, type Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import {
  PushKeyView,
  PushSubscriptionBody,
  pushSubscriptionView,
  PushSubscriptionsView,
  PushSubscriptionView,
} from './push.dto.js';

/** Devices on which the caller's own alerts ring. Nobody sees or changes those of somebody else. */
@ApiTags('push')
@Controller('api/v1/push')
export class PushController {
  constructor(private readonly devices: PushDevices) {}

  @Get('key')
  @RequireScopes('read')
  @ApiOperation({ summary: 'The public key to which a browser binds its subscription.' })
  @ApiOkResponse({ type: PushKeyView })
  key(): PushKeyView {
    return { publicKey: this.devices.publicKey };
  }

  @Get('subscriptions')
  @RequireScopes('read')
  @ApiOperation({ summary: 'The caller’s own devices, the newest first.' })
  @ApiOkResponse({ type: PushSubscriptionsView })
  async list(@CurrentCaller() caller: Caller): Promise<PushSubscriptionsView> {
    const found = await this.devices.list(ownMember(caller));
    return { items: found.map(pushSubscriptionView), nextCursor: null };
  }

  @Post('subscriptions')
  @RequireScopes('read')
  @ApiOperation({
    summary: 'Let the caller’s alerts ring in a browser.',
    description:
      'The body is what the browser’s own `PushSubscription` gives. Doing it again renews it; a browser rings for the ' +
      'member who did it last. Endpoints inside private networks are refused.',
  })
  @ApiCreatedResponse({ type: PushSubscriptionView })
  async register(
    @Body() body: PushSubscriptionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<PushSubscriptionView> {
    const { endpoint, keys, expirationTime, device, language, detailed } = body;
    const registered = await this.devices.register(ownMember(caller), {
      address: { endpoint, p256dh: keys.p256dh, auth: keys.auth },
      device: device ?? null,
      language: language ?? 'en',
      detailed: detailed ?? true,
      expiresAt: typeof expirationTime === 'number' ? new Date(expirationTime) : null,
    });
    if (!registered.ok) throw problemOf(registered.error);
    return pushSubscriptionView(registered.value);
  }

  @Delete('subscriptions/:subscriptionId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('read')
  @ApiOperation({ summary: 'Nothing rings there any more.' })
  @ApiNoContentResponse()
  async remove(
    @Param('subscriptionId') subscriptionId: PushSubscriptionId,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    if (!isId(subscriptionId) || !(await this.devices.remove(ownMember(caller), subscriptionId)))
      throw unknownId('push subscription', subscriptionId);
  }

  @Post('subscriptions/:subscriptionId/tests')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScopes('read')
  @ApiOperation({ summary: 'Let it ring once, to see that it does.' })
  @ApiAcceptedResponse()
  async test(
    @Param('subscriptionId') subscriptionId: PushSubscriptionId,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    if (!(await this.devices.test(ownMember(caller), subscriptionId)))
      throw unknownId('push subscription', subscriptionId);
  }
}

function problemOf(refused: DeviceRefused): Problem {
  return refused.code === 'invalid'
    ? invalidFields(refused.problems)
    : conflict(`A member has at most ${MOST_SUBSCRIPTIONS} devices: remove one that is not used any more.`);
}
