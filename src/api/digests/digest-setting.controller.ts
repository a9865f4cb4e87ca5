import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type DigestReader, Digests, DigestSettings, nextAfter } from '../../delivery/index.js';
import { Clock } from '../../shared/index.js';
import { SendDigests } from '../../workflows/index.js';
import { ownMember } from '../http/own-member.js';
import { unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { DigestSettingBody, DigestSettingView } from './digest.dto.js';

/** The caller's own digest by e-mail. */
@ApiTags('digests')
@Controller('api/v1/digest-setting')
export class DigestSettingController {
  constructor(
    private readonly settings: DigestSettings,
    private readonly digests: Digests,
    private readonly send: SendDigests,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({ summary: 'When the caller’s own digest comes by e-mail, and what became of the last one.' })
  @ApiOkResponse({ type: DigestSettingView })
  async get(@CurrentCaller() caller: Caller): Promise<DigestSettingView> {
    return this.view(await this.reader(caller));
  }

  @Put()
  @RequireScopes('read')
  @ApiOperation({
    summary: 'Change when it comes, or switch it off.',
    description: 'Holds from the next digest on: one whose hour is over today is not sent after all.',
  })
  @ApiOkResponse({ type: DigestSettingView })
  async put(
    @Body() { cadence, hour }: DigestSettingBody,
    @CurrentCaller() caller: Caller,
  ): Promise<DigestSettingView> {
    const { memberId, setting } = await this.reader(caller);
    await this.settings.save(memberId, { cadence, hour: hour ?? setting.hour }, memberId, this.clock.now());
    return this.view(await this.reader(caller));
  }

  private async reader(caller: Caller): Promise<DigestReader> {
    const memberId = ownMember(caller);
    const reader = await this.settings.find(memberId);
    if (!reader) throw unknownId('team member', memberId);
    return reader;
  }

  private async view(reader: DigestReader): Promise<DigestSettingView> {
    const { setting, email, memberId } = reader;
    const place = await this.send.placeOf(reader);
    return {
      cadence: setting.cadence,
      hour: setting.hour,
      byDefault: setting.changedAt === null,
      timeZone: place.timeZone,
      country: place.country,
      email,
      nextAt: email === null ? null : nextAfter(setting, place, this.clock.now()),
      last: await this.digests.last(memberId),
    };
  }
}
