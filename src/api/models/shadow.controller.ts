import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { Shadow } from '../../learning/index.js';
import { ReportShadow, ShadowModel, type ShadowRefused, type ShadowReport } from '../../workflows/index.js';
import { conflict, type Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

@ApiTags('models')
@Controller('api/v1/models/:version')
export class ShadowController {
  constructor(
    private readonly shadows: ShadowModel,
    private readonly reports: ReportShadow,
  ) {}

  @Put('shadow')
  @RequireScopes('train')
  @ApiOperation({
    summary: 'Put this model in shadow: it decides beside the champion, and nobody sees what.',
    description: 'Refused for the champion, for a model that does not fit the present features, and while another of its name is in shadow.',
  })
  async start(@Param('version') version: string, @CurrentCaller() caller: Caller): Promise<Shadow> {
    const started = await this.shadows.start(version, caller.memberId ?? caller.keyId);
    if (!started.ok) throw refused(version, started.error);
    return started.value;
  }

  @Delete('shadow')
  @RequireScopes('train')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Take this model out of shadow; what it would have done is kept.' })
  async stop(@Param('version') version: string, @CurrentCaller() caller: Caller): Promise<void> {
    const stopped = await this.shadows.stop(version, caller.memberId ?? caller.keyId);
    if (!stopped.ok) throw refused(version, stopped.error);
  }

  @Get('shadow-report')
  @RequireScopes('train')
  @ApiOperation({
    summary: 'What this model would have done while it was in shadow, beside what the champion did.',
    description:
      'Of the latest time in shadow: how often both put the same first, how far their chances lie apart, how true both ' +
      'are on the outcomes that came in since, time and errors. Intervals are 95 %, from resampling accounts.',
  })
  async report(@Param('version') version: string): Promise<ShadowReport> {
    const report = await this.reports.run(version);
    if (!report) throw unknownId('shadow of model', version);
    return report;
  }
}

function refused(version: string, { code, detail }: ShadowRefused): Problem {
  return code === 'unknown-model' ? unknownId('model', version) : conflict(detail);
}
