import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { Rescoring, RescoringRuns, type Run, type RunId, type RunRefused } from '../../rescoring/index.js';
import { NestedField, TextField, TimeField } from '../http/fields.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { conflict, invalidFields, type Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

class Force {
  @TextField({ min: 3, max: 500, description: 'Why the day is run again; kept with the run.' })
  reason!: string;
}

class StartRunBody {
  @TextField({
    optional: true,
    pattern: /^\d{4}-\d{2}-\d{2}$/,
    hint: 'must be a day such as 2026-11-22',
    description: 'Today when left out.',
  })
  day?: string;

  @TimeField({ optional: true, description: 'The moment to decide for; now when left out.' })
  asOf?: Date;

  @NestedField(() => Force, { optional: true })
  force?: Force;
}

@ApiTags('rescoring')
@Controller('api/v1/rescoring-runs')
export class RescoringController {
  constructor(
    private readonly rescoring: Rescoring,
    private readonly runs: RescoringRuns,
  ) {}

  @Post()
  @RequireScopes('train')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: 'Decide for every account, then publish shard by shard. Once a day unless forced with a reason.',
  })
  async start(@Body() body: StartRunBody, @CurrentCaller() caller: Caller): Promise<Run> {
    if (body.day !== undefined && !isDay(body.day))
      throw invalidFields([{ pointer: '/day', detail: 'is not a day of the calendar' }]);
    const started = await this.rescoring.start({ ...body, startedBy: caller.keyId });
    if (!started.ok) throw refused(started.error);
    return started.value;
  }

  @Get()
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'Runs, newest first.' })
  async list(@Query() query: PageQuery): Promise<Page<Run>> {
    const cursor = readCursor(query.cursor);
    if (cursor !== undefined && typeof cursor !== 'string')
      throw invalidFields([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
    const runs = await this.runs.list(query.limit + 1, cursor as RunId | undefined);
    return pageOf(
      runs,
      query.limit,
      (run) => run.runId,
      (run) => run,
    );
  }

  @Get(':runId')
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'State and progress of one run.' })
  async get(@Param('runId') runId: string): Promise<Run> {
    const run = await this.runs.find(runId as RunId);
    if (!run) throw unknownId('rescoring run', runId);
    return run;
  }

  @Post(':runId/cancellations')
  @RequireScopes('train')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Stop a run. What it has published stays.' })
  async cancel(@Param('runId') runId: string): Promise<Run> {
    const cancelled = await this.rescoring.cancel(runId as RunId);
    if (!cancelled.ok) throw refused(cancelled.error);
    return cancelled.value;
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function refused({ code, detail }: RunRefused): Problem {
  return code === 'unknown-run' ? unknownId('rescoring run', detail) : conflict(detail);
}
